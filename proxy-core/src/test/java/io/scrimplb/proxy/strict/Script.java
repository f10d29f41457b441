package io.scrimplb.proxy.strict;

/**
 * What the origin does with each request but the canary.
 *
 * @param beforeBody sent once the request's head is there: an interim response, or an answer that comes too early
 * @param answer sent once the whole request is there
 * @param ending what becomes of the connection behind the answer
 */
record Script(String beforeBody, String answer, Ending ending) {
    /** What becomes of the origin's connection. */
    enum Ending {
        /** It takes the next request. */
        KEEP,
        CLOSE,
        /** It is reset, once the client has seen what it is to see. */
        RESET
    }

    /** Answers 200 with two bytes. */
    static final Script OK = answer(Wire.OK);

    static Script answer(String response) {
        return new Script("", response, Ending.KEEP);
    }

    static Script answerAndClose(String response) {
        return new Script("", response, Ending.CLOSE);
    }

    static Script answerAndReset(String response) {
        return new Script("", response, Ending.RESET);
    }

    /** Answers to the head alone; a body, if it comes at all, comes later. */
    static Script early(String response) {
        return new Script(response, "", Ending.KEEP);
    }
}
