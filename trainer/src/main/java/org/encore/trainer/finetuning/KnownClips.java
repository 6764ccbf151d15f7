package org.encore.trainer.finetuning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.encore.base.random.RandomStreams;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.MusicalDegradation.WrongNotes;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture.MixtureState;
import org.encore.rewards.mixture.RewardScores;
import org.encore.rewards.mixture.RewardScores.MemberScores;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward;
import org.encore.statistics.Significance;
import org.encore.trainer.finetuning.Preflight.Finding;
import org.encore.trainer.finetuning.Preflight.Verdict;

/**
 * Clips whose order is known: études under their own captions, and others with wrong notes under the same captions. A reward
 * that puts the bad ones first has its sign turned; one that finds no difference may be meant so.
 */
final class KnownClips {
    private static final int CLIPS = 16;
    private static final double LEVEL = 0.05;

    private final FineTuneSettings settings;
    private final SymbolicCodec notes;

    KnownClips(FineTuneSettings settings, SymbolicCodec notes) {
        this.settings = settings;
        this.notes = notes;
    }

    /**
     * Lets each reward of the run rank them.
     *
     * @param findings receives one for every reward with a weight
     * @return the state of the mixture after scoring
     */
    MixtureState rank(PreflightSubject subject, List<Finding> findings) throws IOException {
        double began = Preflight.now();
        List<CaptionedPiece> known = new EtudeCorpus(1).heldOut(2 * CLIPS);
        RandomStreams streams = new RandomStreams(settings.seed());
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < CLIPS; i++) {
            samples.add(Sample.of(
                    known.get(i).prompt(),
                    notes.decode(notes.encode(known.get(i).piece()))));
        }
        Damage damage = Damage.of(new WrongNotes(), 1.0);
        for (int i = 0; i < CLIPS; i++) {
            samples.add(Sample.of(
                    known.get(i).prompt(),
                    notes.decode(notes.encode(damage.spoil(known.get(CLIPS + i).piece(), streams, i)))));
        }
        RewardScores scores = subject.scores(samples);
        for (MemberScores member : scores.members()) {
            RewardEntry entry = settings.rewards().stream()
                    .filter(each -> each.id().equals(member.id()))
                    .findFirst()
                    .orElseThrow();
            if (entry.weight() > 0.0) {
                findings.add(finding(member, entry, began));
                began = Preflight.now();
            }
        }
        return scores.after();
    }

    private static Finding finding(MemberScores member, RewardEntry entry, double began) {
        String check = "reward " + member.id() + " ranks known clips";
        int good = 0;
        int bad = 0;
        for (int i = 0; i < CLIPS; i++) {
            double difference =
                    member.abstains(i) || member.abstains(CLIPS + i) ? 0.0 : member.raw(i) - member.raw(CLIPS + i);
            good += difference > 0.0 ? 1 : 0;
            bad += difference < 0.0 ? 1 : 0;
        }
        boolean indifferent =
                entry.reward() instanceof RuleReward.NoteDensity || entry.reward() instanceof RuleReward.Length;
        boolean clear = Significance.sign(good, bad) < LEVEL;
        Verdict verdict =
                clear && good > bad ? Verdict.PASSED : clear && !indifferent ? Verdict.FAILED : Verdict.UNCLEAR;
        String said = String.format(
                Locale.ROOT,
                "%d of %d études under their captions are above wrong notes under other captions, %d below%s",
                good,
                CLIPS,
                bad,
                verdict == Verdict.FAILED
                        ? ": is its sign turned?"
                        : verdict == Verdict.UNCLEAR ? ": it says nothing about quality" : "");
        return new Finding(check, verdict, said, Preflight.now() - began);
    }
}
