package io.scrimplb.proxy.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll with one fault mended. In 4.2.18, since netty/netty#16689, a channel that waits for nothing, such as one whose
 * client has ended its output while nobody reads, is taken out of the epoll set, but still taken for a member of it: as soon as
 * it waits for something again, to read on or to write to a slow reader, epoll_ctl fails with ENOENT and the connection is lost.
 * Here such a channel is registered anew.
 */
final class RearmingEpoll implements IoHandler {
    private final IoHandler epoll;

    private RearmingEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory factory() {
        IoHandlerFactory epoll = EpollIoHandler.newFactory();
        return executor -> new RearmingEpoll(epoll.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(handle, epoll.register(handle));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    /** Used on the loop alone. */
    private final class Registration implements IoRegistration {
        private final IoHandle handle;
        private IoRegistration current;
        private boolean outOfSet;

        Registration(IoHandle handle, IoRegistration first) {
            this.handle = handle;
            this.current = first;
        }

        @Override
        public long submit(IoOps ops) {
            if (ops.equals(EpollIoOps.NONE)) {
                outOfSet = true;
            } else if (outOfSet) {
                outOfSet = false;
                renew();
            }
            return current.submit(ops);
        }

        private void renew() {
            if (!current.cancel()) {
                return;
            }
            try {
                current = epoll.register(handle);
            } catch (Exception e) {
                throw new IllegalStateException("a channel could not be registered again", e);
            }
        }

        @Override
        public <T> T attachment() {
            return current.attachment();
        }

        @Override
        public boolean isValid() {
            return current.isValid();
        }

        @Override
        public boolean cancel() {
            return current.cancel();
        }
    }
}
