package io.scrimplb.proxy.h1;

/** Finds the end of a head: the first empty line, whether its line ends are proper or not (the parser judges that). */
final class HeadScanner {
    private HeadScanner() {}

    /**
     * @param from where to go on; bytes before it were searched already
     * @return index behind the empty line, or -1 when it is not there yet
     */
    static int end(byte[] b, int from, int length) {
        for (int i = from; i < length; i++) {
            if (b[i] == '\n' && i > 0) {
                byte before = b[i - 1];
                if (before == '\n' || (before == '\r' && (i == 1 || b[i - 2] == '\n'))) {
                    return i + 1;
                }
            }
        }
        return -1;
    }
}
