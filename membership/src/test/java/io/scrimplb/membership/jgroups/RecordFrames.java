package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.RawPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.junit.jupiter.api.Test;

/**
 * Writes what members of a cluster say, a few of each kind, to where the fuzzer's seeds are read from; by hand, when the
 * stack changes: {@code mvn -pl membership test -Dtest=RecordFrames}.
 */
class RecordFrames extends ClusterTest {
    private static final int OF_EACH = 2;
    private static final int LONGEST = 2_000;

    private final Map<String, List<String>> frames = new ConcurrentHashMap<>();

    /** Sees what goes down right above the transport. */
    private final class Tap extends Protocol {
        @Override
        public Object down(Message message) {
            byte[] content = RawPeer.content(message);
            StringBuilder kind = new StringBuilder();
            for (Header header : message.getHeaders().values()) {
                kind.append(header.getClass().getSimpleName())
                        .append(header.toString()
                                .replaceAll(".*?([A-Z_]{3,}).*", ":$1")
                                .replaceAll("[^A-Z_:]", ""))
                        .append('+');
            }
            String name = kind + message.getClass().getSuperclass().getSimpleName();
            if (content.length <= LONGEST) {
                frames.compute(name, (key, before) -> {
                    List<String> list = before == null ? new ArrayList<>() : before;
                    if (list.size() < OF_EACH) {
                        list.add(HexFormat.of().formatHex(content));
                    }
                    return list;
                });
            }
            return down_prot.down(message);
        }
    }

    private Node tapped(Node node) throws Exception {
        Tap tap = new Tap();
        ProtocolStack stack = node.membership().channel().getProtocolStack();
        stack.insertProtocol(tap, ProtocolStack.Position.ABOVE, io.scrimplb.membership.transport.NettyTransport.class);
        return node;
    }

    @Test
    void record() throws Exception {
        Node lb1 = tapped(loadBalancer("lb-1"));
        Node web1 = tapped(backend("web-1"));
        Node web2 = tapped(backend("web-2"));
        awaitMembers(3, lb1, web1, web2);
        web1.membership().announce(announcement(1, "blog"));
        awaitAnnounced(lb1, web1, announcement(1, "blog"));
        seeds.clear();
        Node lb2 = tapped(start(spec(Role.LOAD_BALANCER, "lb-2")));
        seeds.publish(lb1.membership());
        seeds.publish(lb2.membership());
        awaitMembers(4, lb1, lb2, web1, web2);
        for (int i = 2; i < 6; i++) {
            web1.membership().announce(announcement(i, "blog-" + i));
            awaitAnnounced(lb2, web1, announcement(i, "blog-" + i));
        }
        web2.crash();
        awaitMembers(3, lb1, lb2, web1);
        Awaitility.await().atMost(SOON).pollDelay(Duration.ofSeconds(15)).until(() -> true);
        web1.membership().close();
        awaitMembers(2, lb1, lb2);
        List<String> lines = new ArrayList<>();
        lines.add("# Frames of a cluster, recorded by RecordFrames: their headers and payload, and their bytes.");
        new TreeMap<>(frames).forEach((name, list) -> list.forEach(hex -> lines.add(name + " " + hex)));
        Files.write(Files.createDirectories(Path.of("src/test/resources/fuzz")).resolve("messages.txt"), lines);
        System.out.println(frames.keySet());
    }
}
