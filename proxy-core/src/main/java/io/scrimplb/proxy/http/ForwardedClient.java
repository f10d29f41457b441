package io.scrimplb.proxy.http;

import io.netty.util.NetUtil;
import io.scrimplb.proxy.transport.TrustedNetworks;
import java.net.InetAddress;

/** Finds for whom a trusted proxy spoke. */
public final class ForwardedClient {
    private ForwardedClient() {}

    /**
     * The last address in the list that is not itself a trusted proxy: what stands before it anyone can have written.
     *
     * @param forwardedFor value of {@code X-Forwarded-For}
     * @param peer who sent it; the answer when the list says nothing usable
     */
    public static InetAddress of(String forwardedFor, TrustedNetworks trusted, InetAddress peer) {
        InetAddress client = peer;
        int end = forwardedFor.length();
        while (end > 0 && trusted.contains(client)) {
            int comma = forwardedFor.lastIndexOf(',', end - 1);
            InetAddress before = NetUtil.createInetAddressFromIpAddressString(
                    forwardedFor.substring(comma + 1, end).strip());
            if (before == null) {
                break;
            }
            client = before;
            end = comma;
        }
        return client;
    }
}
