/** Bound sockets: bind, admit, and hand each connection to the handlers of its kind. */
@NullMarked
package io.scrimplb.proxy.listener;

import org.jspecify.annotations.NullMarked;
