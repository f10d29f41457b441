package io.scrimplb.membership.bench;

import java.io.IOException;
import java.util.List;

/** Where the members are, and what the kernel counts there. */
interface Network extends AutoCloseable {
    /** Hosts: the two load balancers, the backend of its own process, and everybody else. */
    enum Place {
        LB1,
        LB2,
        SINGLE,
        CROWD
    }

    /**
     * What went over a wire; all counts only grow.
     *
     * @param bytesOut sent, with the headers of Ethernet, IP and TCP, acknowledgements included
     * @param bytesIn received, likewise
     * @param segmentsIn TCP segments with data that came: about one for each frame of a cluster that is idle
     */
    record Traffic(long bytesOut, long bytesIn, long segmentsIn) {
        Traffic minus(Traffic earlier) {
            return new Traffic(bytesOut - earlier.bytesOut, bytesIn - earlier.bytesIn, segmentsIn - earlier.segmentsIn);
        }

        Traffic plus(Traffic other) {
            return new Traffic(bytesOut + other.bytesOut, bytesIn + other.bytesIn, segmentsIn + other.segmentsIn);
        }
    }

    /** Command that runs a command at a place. */
    List<String> prefix(Place place);

    String address(Place place);

    /** All members' traffic: {@code bytesOut} has each byte once. */
    Traffic total() throws IOException;

    /** The traffic of one place with the others. */
    Traffic of(Place place) throws IOException;

    /** Whether {@link #of} and {@link #cut} work. */
    boolean separate();

    /** Parts {@link Place#LB1} and the crowd from the others; or joins them again. No connection is told. */
    void cut(boolean apart) throws IOException;

    /** One line that says what is counted. */
    String describe();

    @Override
    void close();
}
