package org.encore.app.report.profile;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.encore.app.report.profile.ProfileTree.Profiled;
import org.encore.base.files.AtomicFiles;

/** Writes {@code profile.json}, {@code profile.csv}, {@code curves.csv}, the pictures and {@code profile.html}. */
public final class ProfileFiles {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ProfileFiles() {}

    /**
     * Writes all files, each atomically.
     *
     * @param facts what the command prints as JSON
     * @return the page
     */
    public static Path write(Path directory, Map<String, ?> facts, List<Profiled> profiled) throws IOException {
        AtomicFiles.write(directory.resolve("profile.json"), JSON.writeValueAsBytes(facts));
        AtomicFiles.write(directory.resolve("profile.csv"), bytes(ProfileTable.metrics(profiled)));
        AtomicFiles.write(directory.resolve("curves.csv"), bytes(ProfileTable.curves(profiled)));
        AtomicFiles.write(directory.resolve("delta-by-length.png"), ProfilePlots.deltaByLength(profiled));
        for (int i = 0; i < profiled.size(); i++) {
            AtomicFiles.write(directory.resolve("curves-" + (i + 1) + ".png"), ProfilePlots.curves(profiled.get(i)));
        }
        Path page = directory.resolve("profile.html");
        AtomicFiles.write(page, bytes(ProfilePage.of(facts, profiled)));
        return page;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
