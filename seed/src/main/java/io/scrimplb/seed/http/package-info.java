/** Seeds behind a URL: GET to read, PUT to write when the configuration allows it, conditional on the ETag. */
@NullMarked
package io.scrimplb.seed.http;

import org.jspecify.annotations.NullMarked;
