package org.layerwise.settings;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.selection.ModelKind;

/**
 * Settings of the public code of arXiv 2602.05988 (method.md, sections 1 to 3), which {@code --reference} applies:
 * linear CKA, text up to 512 tokens, the whole train split for encoders, its first 128 rows for decoders and LLaVA. For
 * the code's own kinds of data (GLUE, instructions) the settings include the switches of {@link ReferenceCompatibility}.
 */
public final class ReferenceSettings {

    /** Maximum number of tokens per row. */
    public static final int MAX_LENGTH = 512;

    /** Number of rows for decoders and LLaVA. */
    public static final int SAMPLES = 128;

    private ReferenceSettings() {}

    /**
     * Returns settings of the rows with the reference's number of rows for this kind of model, unless a number is
     * given, and with the compatibility switches for the reference's own kinds of data.
     */
    public static DataSettings rows(DataSettings data, ModelKind kind) {
        int usual = kind == ModelKind.ENCODER ? DataSettings.ALL : SAMPLES;
        return data.withSamples(data.samples() == null ? usual : data.samples())
                .withCompatibility(oddities(data, kind));
    }

    private static Set<ReferenceCompatibility> oddities(DataSettings data, ModelKind kind) {
        Set<ReferenceCompatibility> oddities = EnumSet.noneOf(ReferenceCompatibility.class);
        oddities.addAll(data.compatibility());
        if (data.preset() != null && data.preset().isGlue()) {
            oddities.add(ReferenceCompatibility.NO_TOKEN_TYPES);
        }
        if (data.preset() == TaskPreset.INSTRUCTION && kind == ModelKind.DECODER) {
            oddities.add(ReferenceCompatibility.EOS_IS_PADDING);
        }
        return oddities;
    }

    /** Returns the only measure of the reference. */
    public static List<Measure> measures() {
        return List.of(LinearCka.MEASURE);
    }
}
