package io.scrimplb.app.it;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A process of its own with applications that answer their names, for a network that this JVM is not in. They keep no
 * connection open: one that was open when a network is cut hangs as TCP does, which is not what is tested with them.
 */
final class ApplicationHost {
    private ApplicationHost() {}

    /** @param args {@code NAME=PORT} of each; ends when it is killed or its standard input ends */
    public static void main(String[] args) throws IOException {
        for (String argument : args) {
            int equals = argument.indexOf('=');
            int port = Integer.parseInt(argument.substring(equals + 1));
            String name = argument.substring(0, equals);
            Origin.at(new InetSocketAddress(port), (request, in, out) -> answer(name, out));
        }
        System.out.println("all answer");
        while (System.in.read() >= 0) {
            // Nobody writes; the end of the stream is the end of the parent.
        }
    }

    private static void answer(String name, OutputStream out) throws IOException {
        String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + name.length() + "\r\n\r\n";
        out.write((head + name).getBytes(StandardCharsets.US_ASCII));
        out.close();
    }
}
