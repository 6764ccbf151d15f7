package org.encore.preferences.store;

import java.util.Optional;
import org.encore.preferences.Vote;

/**
 * A judgement as the database has it.
 *
 * @param judgementId its number; judgements are numbered in the order in which they came
 * @param ballot key of the ballot
 * @param pairId the pair's number
 * @param session name of the session the pair belongs to
 * @param shownFirst which clip was shown first, if that is known
 * @param vote what was said, by whom, about what
 */
public record StoredVote(
        long judgementId, String ballot, long pairId, String session, Optional<Ballot.Shown> shownFirst, Vote vote) {}
