package io.scrimplb.membership.transport;

import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jgroups.Address;
import org.jgroups.util.ExtendedUUID;

/**
 * A member inside its JGroups address, so that role, name and address are known wherever the member is. It travels
 * with every message and is kept small: one byte of role, two of port, 4 or 16 of address with a byte of length, and
 * the name.
 *
 * <p>The ids of load balancers sort before those of backends: JGroups breaks ties by the lowest address, and a backend
 * that waits for a load balancer must never be what a load balancer waits for.
 */
public final class MemberAddress {
    /** Longest name, bytes of UTF-8; longer ones are cut. */
    static final int NAME_BYTES = 48;

    private static final byte[] KEY = {'m'};
    private static final byte LOAD_BALANCER = 1;
    private static final byte BACKEND = 2;

    private MemberAddress() {}

    /**
     * The identity of a member.
     *
     * @param unique 128 bits that no other member has, random or proved by its certificate; the first one gives way to
     *     the role
     */
    public static ExtendedUUID create(UUID unique, Role role, String name, InetSocketAddress reachedAt) {
        UUID id = id(unique, role);
        ExtendedUUID address = new ExtendedUUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
        byte[] ip = reachedAt.getAddress().getAddress();
        byte[] label = cut(name).getBytes(StandardCharsets.UTF_8);
        ByteBuffer value = ByteBuffer.allocate(4 + ip.length + label.length)
                .put(role == Role.LOAD_BALANCER ? LOAD_BALANCER : BACKEND)
                .putShort((short) reachedAt.getPort())
                .put((byte) ip.length)
                .put(ip)
                .put(label);
        address.put(KEY, value.array());
        return address;
    }

    /** The id of a member with these 128 bits in that role. */
    public static UUID id(UUID unique, Role role) {
        long high = unique.getMostSignificantBits();
        return new UUID(
                role == Role.LOAD_BALANCER ? high | Long.MIN_VALUE : high & Long.MAX_VALUE,
                unique.getLeastSignificantBits());
    }

    /** The member behind an address; empty for one that this program did not make. */
    public static Optional<Member> decode(Address address) {
        if (!(address instanceof ExtendedUUID extended)) {
            return Optional.empty();
        }
        byte[] value = extended.get(KEY);
        if (value == null || value.length < 8 || value.length > 20 + NAME_BYTES) {
            return Optional.empty();
        }
        byte role = value[0];
        int port = Short.toUnsignedInt(ByteBuffer.wrap(value).getShort(1));
        int length = value[3];
        if ((role != LOAD_BALANCER && role != BACKEND) || port == 0 || (length != 4 && length != 16)) {
            return Optional.empty();
        }
        if (value.length < 4 + length || !roleFits(extended, role)) {
            return Optional.empty();
        }
        try {
            InetAddress ip = InetAddress.getByAddress(Arrays.copyOfRange(value, 4, 4 + length));
            String name = new String(value, 4 + length, value.length - 4 - length, StandardCharsets.UTF_8);
            return Optional.of(new Member(
                    id(extended),
                    cut(name),
                    role == LOAD_BALANCER ? Role.LOAD_BALANCER : Role.BACKEND,
                    new InetSocketAddress(ip, port)));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Whether an address is of a load balancer; false for one that this program did not make. */
    public static boolean isLoadBalancer(Address address) {
        if (!(address instanceof ExtendedUUID extended)) {
            return false;
        }
        byte[] value = extended.get(KEY);
        return value != null && value.length > 0 && value[0] == LOAD_BALANCER && roleFits(extended, value[0]);
    }

    /** The id is what a connection proved; the rest of an address may come from anybody who spoke of it. */
    private static boolean roleFits(org.jgroups.util.UUID id, byte role) {
        return id.getMostSignificantBits() < 0 == (role == LOAD_BALANCER);
    }

    /** The id of the member behind an address. */
    public static String id(org.jgroups.util.UUID address) {
        return new UUID(address.getMostSignificantBits(), address.getLeastSignificantBits()).toString();
    }

    /** A name without control characters, since it stands in logs, of at most {@link #NAME_BYTES} bytes. */
    private static String cut(String name) {
        StringBuilder cut = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int point = name.codePointAt(i);
            int safe = Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE ? '?' : point;
            bytes += new String(Character.toChars(safe)).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > NAME_BYTES) {
                break;
            }
            cut.appendCodePoint(safe);
        }
        return cut.toString();
    }
}
