package io.scrimplb.proxy.h2;

import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Netty's header list without anything in it: what comes and goes through its codec here is kept in byte arrays, of which the
 * codec asks nothing but what the subclasses say.
 */
abstract class NoHeaders extends EmptyHeaders<CharSequence, CharSequence, Http2Headers> implements Http2Headers {
    /** The status of an interim response, whichever it is: the codec asks for no more. */
    static final AsciiString INTERIM = AsciiString.cached("100");

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        return Collections.emptyIterator();
    }

    @Override
    public Iterator<CharSequence> valueIterator(CharSequence name) {
        return Collections.emptyIterator();
    }

    @Override
    public Http2Headers method(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers scheme(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers authority(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers path(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers status(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings("NullAway") // Netty's interface knows no annotations; absence is null there.
    public @Nullable CharSequence method() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable CharSequence scheme() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable CharSequence authority() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable CharSequence path() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable CharSequence status() {
        return null;
    }

    @Override
    public boolean contains(CharSequence name, CharSequence value, boolean caseInsensitive) {
        return false;
    }
}
