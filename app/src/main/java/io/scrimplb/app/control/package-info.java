/**
 * The control side: one mailbox, one thread. Cluster events are posted from any thread and return at once; the control
 * thread feeds them to the {@link io.scrimplb.app.registry.Registry}, derives the spec once for a whole burst, and hands
 * it to the proxy. Readers see an immutable {@link io.scrimplb.app.control.ControlStatus}.
 */
@NullMarked
package io.scrimplb.app.control;

import org.jspecify.annotations.NullMarked;
