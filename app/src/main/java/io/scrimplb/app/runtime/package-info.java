/**
 * The two roles at run time: what is started in which order, what a signal does, and in which order all of it ends. The only
 * package that joins the proxy, the membership, the seeds and the admin address.
 */
@NullMarked
package io.scrimplb.app.runtime;

import org.jspecify.annotations.NullMarked;
