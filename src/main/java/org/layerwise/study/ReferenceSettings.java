package org.layerwise.study;

import java.util.List;
import org.layerwise.analysis.Measure;
import org.layerwise.selection.ModelKind;

/**
 * The settings of the public code of arXiv 2602.05988 (method.md, sections 1 to 3), which {@code --reference} stands for:
 * linear CKA, text up to 512 tokens, the whole train split for encoders, its first 128 rows for decoders and LLaVA.
 */
public final class ReferenceSettings {

    /** Tokens a row. */
    public static final int MAX_LENGTH = 512;

    /** Rows of decoders and LLaVA. */
    public static final int SAMPLES = 128;

    private ReferenceSettings() {}

    /** The rows: those that are asked for, or as many as the reference takes for this kind of model. */
    public static DataSettings rows(DataSettings data, ModelKind kind) {
        return data.samples() == null ? data.withSamples(kind == ModelKind.ENCODER ? DataSettings.ALL : SAMPLES) : data;
    }

    /** Its one measure. */
    public static List<Measure> measures() {
        return List.of(Measure.LINEAR_CKA);
    }
}
