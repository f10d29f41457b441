package io.scrimplb.app.acme;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What of a ledger is not of one name. Immutable.
 *
 * @param notBefore before which nothing is tried: the authority cannot be reached, or wants to hear of no order
 * @param streak failures of that kind since the last attempt that was none
 * @param refusals those of them that were the authority's
 * @param lostAccounts {@link Account#shortName short names} of accounts that the authority does not know any more, the latest
 *     last, so that none of them comes back from where it is still kept
 */
record ForAll(Instant notBefore, int streak, int refusals, List<String> lostAccounts) {
    /** An authority forgets its accounts when it is set up anew, which nobody does often. */
    static final int MAX_LOST_ACCOUNTS = 16;

    private static final Pattern SHORT_NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    /** Nothing stands in the way. */
    static final ForAll NONE = new ForAll(Instant.EPOCH, 0, 0, List.of());

    ForAll {
        List<String> names = lostAccounts.stream()
                .filter(name -> SHORT_NAME.matcher(name).matches())
                .distinct()
                .toList();
        lostAccounts = List.copyOf(names.subList(Math.max(0, names.size() - MAX_LOST_ACCOUNTS), names.size()));
    }

    ForAll paused(Failure.Kind kind, Instant until) {
        int refused = kind == Failure.Kind.AUTHORITY ? refusals + 1 : refusals;
        return new ForAll(until, streak + 1, refused, lostAccounts);
    }

    /** Something went as far as the name itself. */
    ForAll passed() {
        return streak == 0 ? this : new ForAll(notBefore, 0, 0, lostAccounts);
    }

    ForAll lost(String account) {
        List<String> more = new ArrayList<>(lostAccounts);
        more.remove(account);
        more.add(account);
        return new ForAll(notBefore, streak, refusals, more);
    }

    /** What two load balancers know together: the longer pause, and accounts that either lost. */
    ForAll merged(ForAll other, Instant latest) {
        List<String> more = new ArrayList<>(lostAccounts);
        other.lostAccounts.stream().filter(name -> !lostAccounts.contains(name)).forEach(more::add);
        boolean later = other.notBefore.isAfter(notBefore) && !other.notBefore.isAfter(latest);
        ForAll paused = later ? other : this;
        // When there are more than can be kept, those that were known here count, or two would tell each other for
        // ever.
        return new ForAll(
                paused.notBefore,
                paused.streak,
                paused.refusals,
                lostAccounts.size() >= MAX_LOST_ACCOUNTS ? lostAccounts : more);
    }
}
