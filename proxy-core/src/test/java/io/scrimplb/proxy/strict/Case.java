package io.scrimplb.proxy.strict;

import java.util.List;

/**
 * One exchange and all that must be seen of it.
 *
 * @param name what is special about it
 * @param source the paragraph or the published attack it stands for
 * @param sent what the client sends; it waits for a head to reach the origin between two parts
 * @param script what the origin does
 * @param seen every byte the client gets; {@code {id}} stands for a request id the proxy made
 * @param end how the client's connection goes on
 * @param arrived what reached the origin, a text for each connection; {@code {id}} and {@code {port}} stand for what differs
 *     from run to run
 */
record Case(String name, String source, List<String> sent, Script script, String seen, End end, Arrived arrived) {
    /**
     * What reached the origin.
     *
     * @param connections the bytes of each connection, in order
     * @param reused whether the last of them serves the next request too
     */
    record Arrived(List<String> connections, boolean reused) {
        static final Arrived NOTHING = new Arrived(List.of(), false);
    }

    /** Refused with 400 and closed; nothing reaches the origin. */
    static Case refused(String name, String source, String request, String reason) {
        return refused(name, source, request, Wire.badRequest(reason));
    }

    /** Refused in other words than 400's. */
    static Case refused(String name, String source, String request, Refusal refusal) {
        return new Case(name, source, List.of(request), Script.OK, refusal.text(), End.CLOSED, Arrived.NOTHING);
    }

    /** Passes: the origin gets exactly that, the client {@link Wire#OK}, and both connections live on. */
    static Case passes(String name, String source, String request, String arrived) {
        return new Case(
                name, source, List.of(request), Script.OK, Wire.OK, End.OPEN, new Arrived(List.of(arrived), true));
    }

    /** A plain GET that the origin answers with these bytes. */
    static Case answer(String name, String source, String response) {
        return new Case(
                name,
                source,
                List.of(Wire.GET),
                Script.answer(response),
                response,
                End.OPEN,
                new Arrived(List.of(Wire.GET_ARRIVED), true));
    }

    /** A plain GET whose answer is none: 502, the client's connection lives on, the origin's does not. */
    static Case badAnswer(String name, String source, String response) {
        return answer(name, source, response).seen(Refusal.badResponse().text()).notReused();
    }

    /** The parts the client sends. */
    Case sends(String... parts) {
        return new Case(name, source, List.of(parts), script, seen, end, arrived);
    }

    Case script(Script other) {
        return new Case(name, source, sent, other, seen, end, arrived);
    }

    /** What the client sees. */
    Case seen(String text) {
        return new Case(name, source, sent, script, text, end, arrived);
    }

    /** What the client sees before its connection is closed. */
    Case seenThenClosed(String text) {
        return new Case(name, source, sent, script, text, End.CLOSED, arrived);
    }

    Case seenThenReset(String text) {
        return new Case(name, source, sent, script, text, End.RESET, arrived);
    }

    Case arrived(String... connections) {
        return new Case(name, source, sent, script, seen, end, new Arrived(List.of(connections), arrived.reused()));
    }

    /** The origin's connection serves no further request. */
    Case notReused() {
        return new Case(name, source, sent, script, seen, end, new Arrived(arrived.connections(), false));
    }

    /** The name a report shows. */
    @Override
    public String toString() {
        return name + " [" + source + "]";
    }
}
