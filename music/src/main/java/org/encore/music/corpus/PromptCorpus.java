package org.encore.music.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.settings.Checks;
import org.encore.music.corpus.TextRows.Row;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;

/**
 * A list of prompts without pieces, for fine-tuning: free text, of which no attributes are known.
 *
 * <p>The file is plain text with a prompt a line, or CSV or JSONL with a column of prompts, gzipped or not. Prompts that
 * differ in upper and lower case or in white space alone are one. The hash of a prompt decides whether it is held out, so
 * the split stays as it is when lines are moved or added. Only where the share of held-out prompts gives none (or all) of
 * a short list, the one with the lowest (highest) hash changes sides. Another hash deals the held-out prompts to {@link
 * Split}s.
 */
public final class PromptCorpus implements Corpus {
    private static final Logger LOG = LogManager.getLogger(PromptCorpus.class);

    /** Columns that hold prompts, in the order in which they are looked for. */
    private static final List<String> COLUMNS = List.of("caption", "prompt", TextRows.TEXT, "description");

    private final List<Prompt> training;
    private final List<Prompt> allHeldOut;
    private final List<Prompt> heldOut;
    private final Passes passes;
    private final String fingerprint;

    /**
     * How the file is used.
     *
     * @param seed decides the order of the training prompts
     * @param heldOutPerCent share of prompts kept from training, in [1, 90]
     * @param column the column of the prompts; empty takes caption, prompt, text or description, the first that there is
     */
    public record Settings(long seed, int heldOutPerCent, Optional<String> column) {
        public Settings {
            Checks.within("heldOutPerCent", heldOutPerCent, 1, 90);
        }
    }

    /** A prompt with the hash that sorts it. */
    private record Ranked(String text, int perCent, String hash) {}

    /**
     * Reads a file.
     *
     * @throws InvalidFileException if there is no such file, a row is invalid, or there are fewer than two prompts
     */
    public PromptCorpus(Path file, Settings settings) throws IOException {
        Map<String, String> distinct = new TreeMap<>();
        int rows = 0;
        for (String text : prompts(file, settings.column())) {
            rows++;
            // Of several spellings the first in the order of letters, wherever they stand.
            distinct.merge(text.toLowerCase(Locale.ROOT), text, (a, b) -> a.compareTo(b) <= 0 ? a : b);
        }
        if (distinct.size() < 2) {
            throw new InvalidFileException(
                    file, "has " + distinct.size() + " different prompts, but needs at least 2, one to be held out");
        }
        List<Ranked> ranked = new ArrayList<>();
        distinct.forEach((key, text) -> ranked.add(new Ranked(
                text, new Digest().add(key).perCent(), new Digest().add(key).hex())));
        ranked.sort(Comparator.comparingInt(Ranked::perCent).thenComparing(Ranked::hash));
        long share = ranked.stream()
                .filter(each -> each.perCent() < settings.heldOutPerCent())
                .count();
        int held = (int) Math.max(1, Math.min(ranked.size() - 1, share));
        if (held != share) {
            LOG.warn("{}: has so few prompts that {} of them are held out whatever heldOutPerCent says", file, held);
        }
        Digest digest = new Digest().add(settings.toString());
        List<Prompt> prompts = new ArrayList<>();
        for (Ranked each : ranked) {
            prompts.add(new Prompt(each.text(), Attributes.NONE));
            digest.add(each.text());
        }
        this.allHeldOut = prompts.subList(0, held);
        this.heldOut = of(allHeldOut, Split.DEVELOPMENT);
        this.training = prompts.subList(held, prompts.size());
        LOG.info("{}: {} rows, {} different prompts, of which {} are held out", file, rows, ranked.size(), held);
        this.passes = new Passes(new RandomStreams(settings.seed()), training.size());
        this.fingerprint = "prompts-" + digest.hex();
    }

    private PromptCorpus(PromptCorpus all, Split split) {
        this.training = all.training;
        this.allHeldOut = all.allHeldOut;
        this.heldOut = of(allHeldOut, split);
        this.passes = all.passes;
        this.fingerprint = all.fingerprint;
    }

    private static List<Prompt> of(List<Prompt> heldOut, Split split) {
        Set<String> keys = split.of(heldOut.stream().map(PromptCorpus::key).toList());
        return heldOut.stream().filter(prompt -> keys.contains(key(prompt))).toList();
    }

    private static String key(Prompt prompt) {
        return prompt.text().toLowerCase(Locale.ROOT);
    }

    @Override
    public Corpus on(Split split) {
        return new PromptCorpus(this, split);
    }

    /**
     * The prompts of a file, in its order, each as often as it stands there.
     *
     * @param column the column of the prompts; empty takes caption, prompt, text or description, the first that there is
     * @throws InvalidFileException if there is no such file or a row is invalid
     */
    public static List<String> prompts(Path file, Optional<String> column) throws IOException {
        List<String> prompts = new ArrayList<>();
        for (Row row : TextRows.read(file, column.stream().toList())) {
            Map<String, String> cells = row.cells();
            String text = (column.isPresent() ? column.stream() : COLUMNS.stream())
                    .filter(cells::containsKey)
                    .findFirst()
                    .map(cells::get)
                    .orElseThrow(() -> new InvalidFileException(
                            file,
                            "line " + row.line() + ": has " + cells.keySet() + ", but needs "
                                    + column.map(name -> "the column " + name)
                                            .orElse("one of the columns " + COLUMNS + ", or the setting column")));
            String clean = text.strip().replaceAll("\\s+", " ");
            if (!clean.isEmpty()) {
                prompts.add(clean);
            }
        }
        return prompts;
    }

    @Override
    public boolean hasPieces() {
        return false;
    }

    @Override
    public CaptionedPiece train(long index) {
        throw new IllegalArgumentException("the corpus is a list of prompts, without music to train on");
    }

    /** None: there are prompts alone. */
    @Override
    public List<CaptionedPiece> heldOut(int count) {
        return List.of();
    }

    @Override
    public Prompt trainPrompt(long index) {
        return training.get(passes.at(index));
    }

    /** The first held-out prompts in the order of their hashes, or all if there are no more. */
    @Override
    public List<Prompt> heldOutPrompts(int count) {
        return heldOut.subList(0, Math.min(count, heldOut.size()));
    }

    /** The same for the same prompts in any order. */
    @Override
    public String fingerprint() {
        return fingerprint;
    }
}
