/** Seeds in an object of S3 or of a store that speaks its protocol: the JDK's HTTP client, the AWS SDK's signer, and credentials from where every AWS tool looks for them. Writes are conditional on the ETag. */
@NullMarked
package io.scrimplb.seed.s3;

import org.jspecify.annotations.NullMarked;
