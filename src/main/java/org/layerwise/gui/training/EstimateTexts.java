package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerwise.base.setting.Setting;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.training.TrainingEstimate;

/** Texts about the estimated memory of a training, with the names of form fields instead of flags. */
final class EstimateTexts {

    private static final Pattern FLAG = Pattern.compile("--([a-z-]+)");

    private EstimateTexts() {}

    /** Returns one line with the memory that the training needs and the free memory. */
    static String need(TrainingEstimate estimate) {
        return estimate.available() == Long.MAX_VALUE
                ? text("training.memory.unknown", NumberTexts.bytes(estimate.beside()))
                : text(
                        "training.memory",
                        NumberTexts.bytes(estimate.beside()),
                        NumberTexts.bytes(estimate.available()));
    }

    /** Returns the parts of the memory, one line per part. */
    static String parts(TrainingEstimate estimate) {
        List<String> lines = new ArrayList<>();
        add(lines, "training.memory.weights", estimate.weights());
        add(lines, "training.memory.made", estimate.made());
        add(lines, "training.memory.trained", estimate.trained());
        add(lines, "training.memory.activations", estimate.activations());
        add(lines, "training.memory.logits", estimate.logits());
        if (estimate.cache() > 0) {
            lines.add(text(
                    "training.memory.cache",
                    NumberTexts.bytes(estimate.cache()),
                    NumberTexts.percent(estimate.cacheSaves())));
        }
        return String.join("\n", lines);
    }

    private static void add(List<String> lines, String key, long bytes) {
        if (bytes > 0) {
            lines.add(text(key, NumberTexts.bytes(bytes)));
        }
    }

    /** Returns a warning that the training may not fit into memory, with settings that would fit; empty if it fits. */
    static String warning(TrainingEstimate estimate) {
        if (!estimate.tight()) {
            return "";
        }
        return estimate.advice().isEmpty()
                ? text("training.memory.tight")
                : text(
                        "training.memory.advice",
                        String.join(
                                text("training.memory.or"),
                                estimate.advice().stream()
                                        .map(EstimateTexts::inForm)
                                        .toList()));
    }

    /** Replaces the flags in an advice by the titles of their fields. */
    private static String inForm(String advice) {
        Matcher flags = FLAG.matcher(advice);
        StringBuilder words = new StringBuilder();
        while (flags.find()) {
            flags.appendReplacement(
                    words, Matcher.quoteReplacement(title(flags.group(1)).orElse(flags.group())));
        }
        return flags.appendTail(words).toString();
    }

    private static Optional<String> title(String name) {
        return Setting.join(DataSettings.VALUES, TrainingSettings.VALUES).stream()
                .filter(setting -> setting.name().equals(name))
                .<String>map(Setting::title)
                .findFirst();
    }
}
