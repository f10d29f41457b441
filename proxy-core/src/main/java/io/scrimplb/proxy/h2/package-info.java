/**
 * HTTP/2 (RFC 9113): its frames, and what of them is not Netty's business. Requests are put into HTTP/1.1's form and parsed as
 * strictly as any other, one exchange a stream; responses go out as frames, at most one send a connection and turn of the loop.
 */
@NullMarked
package io.scrimplb.proxy.h2;

import org.jspecify.annotations.NullMarked;
