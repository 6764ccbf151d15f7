package org.encore.music.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.base.files.Manifest;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.settings.Checks;
import org.encore.music.audio.SoundFiles;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;

/**
 * The sound files below a folder with their captions, as prompts; {@link EncodedSound} has them as codes.
 *
 * <p>The captions of a file stand in {@code captions.csv} or {@code captions.jsonl} in the folder, or beside it: under
 * {@code description}, {@code caption} or {@code prompt} in a JSON file of the same name, as audiocraft writes them, or as
 * a {@code .txt} file. A file without a caption is left out with a warning. The hash of a file's content decides whether
 * it is held out, so copies of one recording are on one side; at least one recording is on each.
 */
public final class AudioFolderCorpus implements Corpus {
    private static final Logger LOG = LogManager.getLogger(AudioFolderCorpus.class);
    private static final List<String> KEYS = List.of("description", "caption", "prompt");
    private static final int MOST_CAPTION_BYTES = 1 << 20;

    private final RandomStreams streams;
    private final List<Track> training = new ArrayList<>();
    private final List<Track> allHeldOut = new ArrayList<>();
    private final List<Track> heldOut;
    private final Passes passes;
    private final String fingerprint;

    /**
     * How the folder is used.
     *
     * @param seed decides the order of the clips and which caption of several is taken
     * @param heldOutPerCent share of files kept from training, in [1, 90]
     */
    public record Settings(long seed, int heldOutPerCent) {
        public Settings {
            Checks.within("heldOutPerCent", heldOutPerCent, 1, 90);
        }
    }

    /**
     * One file.
     *
     * @param name path below the folder
     * @param captions at least one
     * @param sha256 of its content
     */
    record Track(String name, Path file, List<String> captions, String sha256) {
        /** One of the captions. */
        Prompt prompt(RandomGenerator random) {
            return new Prompt(captions.get(random.nextInt(captions.size())), Attributes.NONE);
        }

        private int perCent() {
            return new Digest().add(sha256).perCent();
        }
    }

    /**
     * Lists a folder; no sound is decoded.
     *
     * @throws InvalidFileException if it is no folder, holds fewer than two different captioned files, or has a faulty table
     */
    public AudioFolderCorpus(Path folder, Settings settings) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InvalidFileException(folder, "is not a folder, but must be one with sound files in it");
        }
        this.streams = new RandomStreams(settings.seed());
        Digest digest = new Digest().add(settings.toString());
        List<Track> tracks = tracks(folder);
        tracks.forEach(track -> digest.add(track.name())
                .add(track.sha256())
                .add(track.captions().toString()));
        split(folder, tracks, settings);
        this.heldOut = of(allHeldOut, Split.DEVELOPMENT);
        this.passes = new Passes(streams, training.size());
        this.fingerprint = "audio-" + digest.hex();
    }

    private AudioFolderCorpus(AudioFolderCorpus all, Split split) {
        this.streams = all.streams;
        this.training.addAll(all.training);
        this.allHeldOut.addAll(all.allHeldOut);
        this.heldOut = of(allHeldOut, split);
        this.passes = all.passes;
        this.fingerprint = all.fingerprint;
    }

    private static List<Track> of(List<Track> heldOut, Split split) {
        Set<String> contents = split.of(heldOut.stream().map(Track::sha256).toList());
        return heldOut.stream()
                .filter(track -> contents.contains(track.sha256()))
                .toList();
    }

    /** About half of the held-out files each; copies are in one split. */
    @Override
    public AudioFolderCorpus on(Split split) {
        return new AudioFolderCorpus(this, split);
    }

    private static List<Track> tracks(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> paths = Files.walk(folder)) {
            files = paths.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(path -> name(folder, path)))
                    .toList();
        }
        files.stream()
                .filter(SoundFiles::isOtherSound)
                .forEach(file -> LOG.warn("{}: is left out: sound of this kind cannot be read", file));
        files = files.stream().filter(SoundFiles::isSound).toList();
        CaptionTable table = CaptionTable.of(folder);
        table.requireOnly(files.stream().map(file -> name(folder, file)).toList());
        List<Track> tracks = new ArrayList<>();
        for (Path file : files) {
            List<String> captions = table.of(name(folder, file));
            if (captions.isEmpty()) {
                captions = beside(file).stream().toList();
            }
            if (captions.isEmpty()) {
                LOG.warn("{}: is left out: it has no caption", file);
            } else {
                tracks.add(new Track(name(folder, file), file, captions, Manifest.sha256(file)));
            }
        }
        return tracks;
    }

    /** The caption that stands beside a file. */
    private static Optional<String> beside(Path file) throws IOException {
        String name = file.getFileName().toString();
        String stem = name.substring(0, name.lastIndexOf('.'));
        Path json = file.resolveSibling(stem + ".json");
        Path text = file.resolveSibling(stem + ".txt");
        String caption = "";
        if (Files.isRegularFile(json)) {
            caption = described(json);
        }
        if (caption.isBlank() && Files.isRegularFile(text)) {
            caption = new String(bytes(text), StandardCharsets.UTF_8);
        }
        return Optional.of(caption.strip().replaceAll("\\s+", " ")).filter(each -> !each.isEmpty());
    }

    private static String described(Path json) throws IOException {
        try {
            JsonNode facts = new ObjectMapper().readTree(bytes(json));
            return KEYS.stream()
                    .map(facts::path)
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::textValue)
                    .findFirst()
                    .orElse("");
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(json, "is not JSON: " + JsonProblems.of(e), e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > MOST_CAPTION_BYTES) {
            throw new InvalidFileException(file, "is longer than " + MOST_CAPTION_BYTES + " bytes: hardly a caption");
        }
        return Files.readAllBytes(file);
    }

    private void split(Path folder, List<Track> tracks, Settings settings) {
        List<Track> distinct = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Track track : tracks) {
            if (seen.add(track.sha256())) {
                distinct.add(track);
            }
        }
        if (distinct.size() < 2) {
            throw new InvalidFileException(
                    folder,
                    "holds " + distinct.size() + " different sound files (" + String.join(", ", SoundFiles.ENDINGS)
                            + ") with captions, but needs at least 2, one to be held out");
        }
        distinct.sort(Comparator.comparingInt(Track::perCent).thenComparing(Track::sha256));
        long share = distinct.stream()
                .filter(track -> track.perCent() < settings.heldOutPerCent())
                .count();
        int held = (int) Math.max(1, Math.min(distinct.size() - 1, share));
        Set<String> kept = new HashSet<>();
        distinct.subList(0, held).forEach(track -> kept.add(track.sha256()));
        tracks.forEach(track -> (kept.contains(track.sha256()) ? allHeldOut : training).add(track));
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /** The files to train on. */
    List<Track> training() {
        return training;
    }

    /** The held-out files of the split. */
    List<Track> heldOut() {
        return heldOut;
    }

    /** The random streams of the seed. */
    RandomStreams streams() {
        return streams;
    }

    /** Names of the files that training never sees, relative to the folder. */
    public List<String> heldOutFiles() {
        return allHeldOut.stream().map(Track::name).toList();
    }

    @Override
    public boolean hasPieces() {
        return false;
    }

    @Override
    public CaptionedPiece train(long index) {
        throw new IllegalArgumentException("the corpus has sound, but no notes");
    }

    /** None: there is sound, but there are no notes. */
    @Override
    public List<CaptionedPiece> heldOut(int count) {
        return List.of();
    }

    @Override
    public Prompt trainPrompt(long index) {
        return training.get(passes.at(index)).prompt(streams.stream(Purpose.CAPTION, 0, index));
    }

    /** The first held-out files, or all if there are no more. */
    @Override
    public List<Prompt> heldOutPrompts(int count) {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < Math.min(count, heldOut.size()); i++) {
            prompts.add(heldOut.get(i).prompt(streams.stream(Purpose.CAPTION, 1, i)));
        }
        return prompts;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }
}
