/**
 * The configuration: from files, environment and flags to immutable records.
 *
 * <p>{@link io.scrimplb.app.config.Schema} is the one description of what may be written: names, types, defaults and
 * what each key is for. Reading, suggestions, the environment's names, {@code config show} and the reference page come
 * from it. A source becomes a tree of {@code Node}s that know where they were written; the layers (file, environment,
 * flags) are laid over each other as trees; {@code SchemaReader} decodes the result and collects every problem; {@code
 * Binder} makes {@link io.scrimplb.app.config.ScrimpConfig} of it.
 *
 * <p>{@link io.scrimplb.app.config.ConfigLoader} is the way in; {@link
 * io.scrimplb.app.config.ApplicationDirectoryWatcher} follows a backend's directory of application files.
 */
@NullMarked
package io.scrimplb.app.config;

import org.jspecify.annotations.NullMarked;
