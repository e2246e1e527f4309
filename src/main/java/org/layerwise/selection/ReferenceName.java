package org.layerwise.selection;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.layerwise.base.file.FileNames;

/**
 * The part of a reference file's name that identifies model and data, as the public code of arXiv 2602.05988 writes it.
 * Characters that file systems do not allow become {@code _}.
 *
 * @param stem text between the kind of the file and {@code .txt}
 */
public record ReferenceName(String stem) {

    private static final Pattern SEPARATORS_AT_END = Pattern.compile("[/\\\\]+$");
    private static final Pattern HOSTILE = Pattern.compile("[\\p{Cntrl}\\s/\\\\:*?\"<>|]+");
    // file systems allow 255 bytes for a name: two parts, the kind of the file and the number of samples
    private static final int LONGEST_PART = 100;
    private static final int MOST_BYTES = 200;

    /** Returns the name for a kind of model. */
    public static ReferenceName of(ModelKind kind, String model, String task, int samples) {
        return switch (kind) {
            case ENCODER -> encoder(model, task);
            case DECODER -> decoder(model, task, samples);
            case VISION -> llava(model, samples);
        };
    }

    /** Returns the name for an encoder: {@code {model}_{task}}. */
    public static ReferenceName encoder(String model, String task) {
        return new ReferenceName(both(model, task));
    }

    /** Returns the name for a decoder: {@code {model}_{task}_{samples}}. */
    public static ReferenceName decoder(String model, String task, int samples) {
        return new ReferenceName(both(model, task) + "_" + samples);
    }

    /** Returns the name for LLaVA: {@code {model}_{samples}}. */
    public static ReferenceName llava(String model, int samples) {
        return new ReferenceName(lastPart(model) + "_" + samples);
    }

    /** Returns the name of the file with the similarity of each layer's input and output. */
    public String similarities() {
        return "cka_layer_list_" + stem + ".txt";
    }

    /** Returns the name of the file with the selected layers. */
    public String oneHot() {
        return "layers_to_finetune_ohe_" + stem + ".txt";
    }

    private static String both(String model, String task) {
        String first = lastPart(model);
        return first + "_" + clean(task, MOST_BYTES - first.getBytes(StandardCharsets.UTF_8).length);
    }

    private static String lastPart(String model) {
        String trimmed = SEPARATORS_AT_END.matcher(model).replaceAll("");
        return clean(
                trimmed.substring(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\')) + 1), LONGEST_PART);
    }

    private static String clean(String name, int bytes) {
        String clean = HOSTILE.matcher(name).replaceAll("_");
        return clean.isEmpty() ? "_" : FileNames.cut(clean, LONGEST_PART, bytes);
    }
}
