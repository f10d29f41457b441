package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Heads as they come: from curl, from a browser, from an application. */
final class Heads {
    static final byte[] CURL =
            head("GET /index.html HTTP/1.1", "Host: blog.example.com", "User-Agent: curl/7.88.1", "Accept: */*");

    static final byte[] BROWSER = head(
            "GET /articles/2026/11/a-day-in-november?utm_source=feed HTTP/1.1",
            "Host: blog.example.com",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "Accept-Language: en-GB,en;q=0.7,de;q=0.3",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Connection: keep-alive",
            "Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark; consent=necessary",
            "Referer: https://blog.example.com/articles/",
            "Cache-Control: max-age=0",
            "Upgrade-Insecure-Requests: 1");

    static final byte[] RESPONSE = head(
            "HTTP/1.1 200 OK",
            "Server: nginx/1.22.1",
            "Date: Sat, 21 Nov 2026 12:00:00 GMT",
            "Content-Type: text/html; charset=utf-8",
            "Content-Length: 128",
            "Connection: keep-alive",
            "ETag: \"6560a0c0-80\"",
            "Cache-Control: no-cache");

    private Heads() {}

    private static byte[] head(String... lines) {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(US_ASCII);
    }
}
