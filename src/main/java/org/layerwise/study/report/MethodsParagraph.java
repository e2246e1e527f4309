package org.layerwise.study.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerwise.base.Citation;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.model.Versions;

/** Paragraph that is built sentence by sentence, with the list of its references. */
public final class MethodsParagraph {

    private static final Map<String, String> TYPES =
            Map.of("FLOAT32", "float32", "FLOAT16", "float16", "BFLOAT16", "bfloat16");

    private final List<String> sentences = new ArrayList<>();
    private final Set<Citation> cited = new LinkedHashSet<>();

    /**
     * Adds a sentence with values, formatted as by {@link String#formatted} but with the same numbers in every locale.
     */
    public void say(String sentence, Object... values) {
        sentences.add(String.format(Locale.ROOT, sentence, values));
    }

    /** Returns a citation in brackets and adds the sources to the references. */
    public String cite(List<Citation> sources) {
        cited.addAll(sources);
        return "(" + sources.stream().map(Citation::shortForm).collect(Collectors.joining("; ")) + ")";
    }

    public String cite(Citation source) {
        return cite(List.of(source));
    }

    /** Adds the sentence about software and hardware of the computation. */
    public void software(Map<String, String> versions) {
        StringBuilder line = new StringBuilder("Layerwise ").append(versions.getOrDefault("layerwise", "(unknown)"));
        List<String> parts = new ArrayList<>();
        for (String part : List.of("libtorch", "java", "os")) {
            if (versions.containsKey(part)) {
                parts.add((part.equals("os") ? "" : part.equals("java") ? "Java " : part + " ") + versions.get(part));
            }
        }
        if (!parts.isEmpty()) {
            line.append(" (").append(String.join(", ", parts)).append(")");
        }
        String device = versions.containsKey("device") ? " on the device " + versions.get("device") : "";
        WeightQuantization quantization = Versions.quantization(versions);
        if (quantization != WeightQuantization.NONE) {
            say(
                    "The weights of the linear maps in the layers were quantised to %s as bitsandbytes does, and decoded for each computation.",
                    quantization.id());
        }
        if (versions.containsKey(Versions.STORED)) {
            say(
                    "The checkpoint stores the weights of its linear maps in %s; they were decoded for each computation.",
                    versions.get(Versions.STORED));
        }
        String arithmetic = arithmetic(versions);
        String type = versions.getOrDefault(Versions.DTYPE, "");
        String in = type.isEmpty() ? "" : " in " + TYPES.getOrDefault(type.toUpperCase(Locale.ROOT), type);
        String workers = versions.containsKey("workers")
                ? " by " + count(Long.parseLong(versions.get("workers")), "worker")
                : "";
        if (versions.containsKey("torch")) {
            say(
                    "It was planned with Layerwise %s and computed on a cluster%s%s with PyTorch %s, transformers %s and PEFT %s%s%s.",
                    versions.getOrDefault("layerwise", "(unknown)"),
                    workers,
                    device,
                    versions.get("torch"),
                    versions.getOrDefault("transformers", "(unknown)"),
                    versions.getOrDefault("peft", "(unknown)"),
                    in,
                    arithmetic);
        } else if (versions.containsKey("remote")) {
            say(
                    "The hidden states were computed on a cluster%s with PyTorch and transformers%s, all else with %s%s%s.",
                    workers, in, line, device, arithmetic);
        } else {
            say("All was computed with %s%s%s%s.", line, device, in, arithmetic);
        }
    }

    /**
     * Returns the words about threads and instruction set, on which the last digits depend; empty for files of versions
     * that did not write them.
     */
    private static String arithmetic(Map<String, String> versions) {
        String threads = versions.get(Versions.THREADS);
        String instructions = versions.get(Versions.INSTRUCTION_SET);
        List<String> parts = new ArrayList<>();
        if (threads != null) {
            parts.add(threads + (threads.equals("1") ? " thread" : " threads"));
        }
        if (instructions != null) {
            parts.add("the instruction set " + instructions);
        }
        return parts.isEmpty() ? "" : ", with " + String.join(" and ", parts) + " on the processor";
    }

    /** Says how rows were drawn and tokens treated, where that is not the default. */
    public void rows(DataSettings rows) {
        if (rows.sampling() != SamplingMode.FIRST) {
            say(
                    "The examples were drawn at random%s (seed %d).",
                    rows.sampling() == SamplingMode.STRATIFIED ? ", each class with its share" : "",
                    rows.samplingSeed());
        }
        if (!rows.compatibility().isEmpty()) {
            say(
                    "Tokens were treated as in the public code of the method (%s).",
                    rows.compatibility().stream()
                            .map(ReferenceCompatibility::id)
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
    }

    /**
     * Returns the maximum length and the number of longer rows, after a comma; empty if no row was longer, as rows of
     * token ids, which are never cut.
     *
     * @param cutRows number of rows that were cut
     */
    public static String cut(DataSettings rows, int cutRows) {
        return cutRows == 0
                ? ""
                : ", cut after %s tokens (%s of them %s longer)"
                        .formatted(rows.maxLength(), cutRows, cutRows == 1 ? "was" : "were");
    }

    /** Returns a result with four decimals. */
    public static String result(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** Returns a number with a noun in singular or plural: {@code 1 layer}, {@code 2 layers}. */
    public static String count(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    /** Returns items separated by commas, with "and" before the last. */
    public static String list(List<String> things) {
        int last = things.size() - 1;
        return last < 1
                ? String.join("", things)
                : String.join(", ", things.subList(0, last)) + " and " + things.get(last);
    }

    /** Returns the name of a file without its folder, which may be private. */
    public static String fileName(String location) {
        return location.substring(location.replace('\\', '/').lastIndexOf('/') + 1);
    }

    /** Returns the paragraph and the references, in the order of their citation. */
    public String text() {
        return String.join(" ", sentences) + "\n\nReferences\n"
                + cited.stream().map(source -> "- " + source.entry() + "\n").collect(Collectors.joining());
    }
}
