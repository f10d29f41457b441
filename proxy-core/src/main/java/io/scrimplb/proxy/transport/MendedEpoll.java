package io.scrimplb.proxy.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;

/**
 * Netty's epoll with two faults of 4.2.18 mended, both of which lose connections:
 *
 * <ul>
 *   <li>A channel that waits for nothing, such as one whose client has ended its output while nobody reads, is taken out of the
 *       epoll set (netty/netty#16689), but still taken for a member of it: as soon as it waits for something again, to read on
 *       or to write to a slow reader, epoll_ctl fails with ENOENT. Here it is registered anew.
 *   <li>Events are told by descriptor. When a channel closes while one of its events is still to be told, and a channel that is
 *       made meanwhile gets the same descriptor, that one is told, reads before it has connected, and fails with ENOTCONN. Here
 *       a channel hears of nothing until the next wait. Nothing is lost: what is still so is reported again.
 * </ul>
 */
final class MendedEpoll implements IoHandler {
    private final IoHandler epoll;

    /** Grows by one with each wait; even between a wait's events and the next wait. */
    private long phase;

    private MendedEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory factory() {
        IoHandlerFactory epoll = EpollIoHandler.newFactory();
        return executor -> new MendedEpoll(epoll.newHandler(executor));
    }

    @Override
    public int run(IoHandlerContext context) {
        phase++;
        try {
            return epoll.run(context);
        } finally {
            phase++;
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        Registration registration = new Registration((EpollIoHandle) handle);
        registration.renew();
        return registration;
    }

    @Override
    public void initialize() {
        epoll.initialize();
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

    /** Stands between epoll and a channel, in both directions; one object for both, since every connection has one. */
    private final class Registration implements IoRegistration, EpollIoHandle {
        private final EpollIoHandle channel;
        private IoRegistration current;
        private boolean outOfSet;
        private long bornIn;

        @SuppressWarnings("NullAway.Init") // Registered before anybody sees it.
        Registration(EpollIoHandle channel) {
            this.channel = channel;
        }

        void renew() throws Exception {
            bornIn = phase;
            current = epoll.register(this);
        }

        @Override
        public long submit(IoOps ops) {
            if (!channel.fd().isOpen()) {
                // Closed, though not deregistered yet: the descriptor may be another channel's by now.
                return -1;
            }
            if (ops.equals(EpollIoOps.NONE)) {
                outOfSet = true;
            } else if (outOfSet) {
                outOfSet = false;
                if (current.cancel()) {
                    try {
                        renew();
                    } catch (Exception e) {
                        throw new IllegalStateException("a channel could not be registered again", e);
                    }
                }
            }
            return current.submit(ops);
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (bornIn != phase) {
                channel.handle(this, event);
            }
        }

        @Override
        public FileDescriptor fd() {
            return channel.fd();
        }

        @Override
        public void registered() {
            channel.registered();
        }

        @Override
        public void unregistered() {
            channel.unregistered();
        }

        @Override
        public void close() throws Exception {
            channel.close();
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
