package io.scrimplb.app.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One client connection with HTTP/1.1 spoken by hand, so that the Host is ours to choose and nothing is retried. */
final class Exchange implements AutoCloseable {
    /** Longer than anything that is waited for here; a hang becomes a failure. */
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    /** @param headers names in lower case; the last of one name counts */
    record Reply(int status, Map<String, String> headers, String body) {}

    Exchange(int port) throws IOException {
        this(connect(port));
    }

    private Exchange(Socket connected) throws IOException {
        socket = connected;
        in = new BufferedInputStream(connected.getInputStream());
    }

    /** By TLS, for a host that the certificate has to be for. */
    static Exchange tls(int port, String host, SSLContext trust) throws IOException {
        Socket plain = connect(port);
        try {
            SSLSocket secure = (SSLSocket) trust.getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return new Exchange(secure);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The certificate that the other side showed. */
    X509Certificate shown() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    /** One request on a connection of its own. */
    static Reply get(int port, String host, String path) throws IOException {
        try (Exchange exchange = new Exchange(port)) {
            return exchange.get(host, path);
        }
    }

    Reply get(String host, String path) throws IOException {
        send(host, path);
        return receive();
    }

    void send(String host, String path) throws IOException {
        String head = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: it\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    Reply receive() throws IOException {
        String[] statusLine = line(in).split(" ", 3);
        Map<String, String> headers = headers(in);
        int status = Integer.parseInt(statusLine[1]);
        byte[] body;
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            body = chunks();
        } else if (headers.containsKey("content-length")) {
            body = exactly(Integer.parseInt(headers.get("content-length")));
        } else {
            body = in.readAllBytes();
        }
        return new Reply(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(in).split(";", 2)[0].trim(), 16);
            if (size == 0) {
                headers(in);
                return body.toByteArray();
            }
            body.writeBytes(exactly(size));
            line(in);
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("body cut after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        return headers;
    }

    /** A line without its end. */
    static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection ended inside a line: '" + line + "'");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
