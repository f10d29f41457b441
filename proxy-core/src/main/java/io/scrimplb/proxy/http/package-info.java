/** What holds for every version of HTTP: heads in the form that HTTP/1.1 gives them, bodies, local replies, request ids, and which header fields mean something to a proxy. */
@NullMarked
package io.scrimplb.proxy.http;

import org.jspecify.annotations.NullMarked;
