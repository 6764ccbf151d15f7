package org.encore.preferences.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.preferences.store.Ballot.Opinion;
import org.encore.preferences.store.Ballot.Receipt;
import org.encore.preferences.store.Sql.Rows;

/** Ballots as rows of the table of judgements. */
final class Judgements {
    /** Adds a row, with {@link #values}. */
    static final String INSERTION =
            "INSERT INTO judgements (ballot, pair_id, rater_id, preferred, listened_a_s, listened_b_s, shown_first,"
                    + " judged_ms, recorded_ms, rating_a, rating_b) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private Judgements() {}

    /**
     * The acknowledgement of an earlier ballot of the same key.
     *
     * @throws IllegalArgumentException if that one said something else
     */
    static Optional<Receipt> earlier(Sql sql, Ballot ballot) throws SQLException {
        record Known(long id, long pair, long rater, String preferred, OptionalDouble a, OptionalDouble b) {}
        Optional<Known> known = sql.one(
                "SELECT id, pair_id, rater_id, preferred, rating_a, rating_b FROM judgements WHERE ballot = ?",
                row -> new Known(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getString(4),
                        Sql.number(row, "rating_a"),
                        Sql.number(row, "rating_b")),
                ballot.key());
        known.filter(each -> each.pair != ballot.pairId()
                        || each.rater != ballot.raterId()
                        || !each.preferred.equals(ballot.opinion().preferred().key())
                        || !each.a.equals(ballot.opinion().ratingA())
                        || !each.b.equals(ballot.opinion().ratingB()))
                .ifPresent(each -> {
                    throw new IllegalArgumentException("ballot " + ballot.key() + " was recorded as \"" + each.preferred
                            + "\" for pair " + each.pair + ", and a judgement is never changed");
                });
        return known.map(each -> new Receipt(each.id, true));
    }

    /**
     * Adds a ballot; returns the number of the judgement.
     *
     * @throws IllegalArgumentException if the pair or the rater is unknown
     */
    static long insert(Sql sql, Ballot ballot, long nowMillis) throws SQLException {
        if (sql.id("SELECT id FROM pairs WHERE id = ?", ballot.pairId()).isEmpty()) {
            throw new IllegalArgumentException("there is no pair " + ballot.pairId() + " in the database");
        }
        if (sql.id("SELECT id FROM raters WHERE id = ?", ballot.raterId()).isEmpty()) {
            throw new IllegalArgumentException("there is no rater " + ballot.raterId() + " in the database");
        }
        return sql.insert(INSERTION, values(ballot, nowMillis));
    }

    /** The values of {@link #INSERTION}. */
    static Object[] values(Ballot ballot, long nowMillis) {
        Opinion opinion = ballot.opinion();
        return new Object[] {
            ballot.key(),
            ballot.pairId(),
            ballot.raterId(),
            opinion.preferred().key(),
            Rows.orNull(opinion.listenedSecondsA()),
            Rows.orNull(opinion.listenedSecondsB()),
            opinion.shownFirst().map(Rows::key).orElse(null),
            ballot.time().map(Instant::toEpochMilli).orElse(null),
            nowMillis,
            Rows.orNull(opinion.ratingA()),
            Rows.orNull(opinion.ratingB())
        };
    }
}
