package org.encore.app.report.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.app.report.profile.ProfileTree.Profiled;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.study.Correlations;
import org.encore.evaluation.study.DamageDetection;
import org.encore.evaluation.study.Quality;
import org.encore.evaluation.study.StudyPlan.StudiedCheckpoint;

/** A study as a tree of names and numbers, for JSON. */
public final class StudyTree {
    private StudyTree() {}

    /** Everything that the tables hold. */
    public static Map<String, Object> of(StudyTables.Findings findings) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("base", findings.base());
        Map<String, Object> profiles = new LinkedHashMap<>();
        findings.profiles()
                .forEach((name, profile) -> profiles.put(name, ProfileTree.of(new Profiled(findings.base(), profile))));
        tree.put("profiles", profiles);
        tree.put(
                "checkpoints",
                findings.checkpoints().stream()
                        .map(each -> checkpoint(each, findings.correlations()))
                        .toList());
        tree.put(
                "correlations",
                findings.correlations().rows().stream().map(StudyTree::row).toList());
        tree.put("choice", choice(findings.correlations().choice()));
        tree.put(
                "damage_detection",
                findings.detection().stream().map(StudyTree::row).toList());
        return tree;
    }

    private static Map<String, Object> checkpoint(StudiedCheckpoint measured, Correlations correlations) {
        Quality quality = correlations.quality(measured);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("checkpoint", measured.label());
        tree.put("quality", quality.value());
        tree.put("adherence", quality.adherence());
        tree.put("naturalness", quality.naturalness());
        measured.profiles().forEach((name, profile) -> {
            Map<String, Object> headlines = new LinkedHashMap<>();
            for (Headline headline : Headline.values()) {
                headlines.put(headline.text(), ProfileTree.of(profile.headline(headline)));
            }
            tree.put(name.replace('-', '_'), headlines);
        });
        return tree;
    }

    private static Map<String, Object> row(Correlations.Row row) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("figure", row.name());
        tree.put("kind", row.kind());
        tree.put("all", ProfileTree.of(row.all()));
        tree.put("choosing_half", Double.isFinite(row.choosing()) ? row.choosing() : null);
        tree.put("reporting_half", ProfileTree.of(row.reporting()));
        return tree;
    }

    private static Map<String, Object> choice(Correlations.Choice choice) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("figure", choice.name());
        tree.put("reporting_half", ProfileTree.of(choice.reporting()));
        tree.put("absolute_loss", ProfileTree.of(choice.loss()));
        tree.put("difference", ProfileTree.of(choice.gain()));
        return tree;
    }

    private static Map<String, Object> row(DamageDetection.Row row) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("damage", row.damage());
        tree.put("length", row.length());
        row.auc().forEach((figure, auc) -> tree.put("auc_" + figure.text(), ProfileTree.of(auc)));
        tree.put("chosen", row.chosen().text());
        return tree;
    }
}
