package io.scrimplb.app.acme;

import io.scrimplb.app.acme.Preflight.Reached;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import org.shredzone.acme4j.exception.AcmeException;

/** What an order needs of its surroundings. Called on the order's thread; blocks, for a bounded time. */
interface OrderDesk {
    /** The cluster's account; made and shared when there is none yet. */
    Account account() throws AcmeException, IOException, InterruptedException;

    /** The authority does not know the account any more. */
    void accountLost(Account account);

    /** An order stands at the authority. Kept on disk and told to others before anything else is done about it. */
    void ordered(String host, String orderUrl) throws InterruptedException;

    /**
     * Shows a challenge at every load balancer.
     *
     * @throws OrderFailedException when not all of them have said in time that they show it
     */
    void present(Challenge challenge) throws OrderFailedException, InterruptedException;

    void withdraw(Challenge challenge);

    /** Addresses at which load balancers of the cluster are reached. */
    Set<InetAddress> addresses() throws InterruptedException;

    /** How a challenge looks by its public name, from another load balancer if there is one. */
    Reached reached(Challenge.Http challenge) throws InterruptedException;
}
