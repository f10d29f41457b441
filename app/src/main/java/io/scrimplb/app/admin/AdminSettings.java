package io.scrimplb.app.admin;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where the admin address is and who may use it.
 *
 * @param address where to bind; port 0 lets the system choose
 * @param token what a client has to show as {@code Authorization: Bearer}; null for nothing, which only a loopback
 *     address permits. When there is one it is asked for on every address
 */
public record AdminSettings(
        InetSocketAddress address, @Nullable String token) {
    @Override
    public String toString() {
        return "AdminSettings[address=" + address + ", token=" + (token == null ? "none" : "***") + "]";
    }
}
