package org.layerwise.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.base.Limits;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.study.AnalysisSettings;
import picocli.CommandLine.Option;

/** {@code --measure} and what belongs to it: how layers are compared, and how far the result can be trusted. */
final class MeasureFlags {

    private static final int FEWEST_IN_MINIBATCH = 4;

    @Option(
            names = "--measure",
            paramLabel = "M[,M2,…]",
            description = "How layers are compared: cka, debiased-cka, rbf-cka, minibatch-cka, cosine, block-influence,"
                    + " procrustes, svcca, pwcca, rsa; or from gradients over labelled data: gradient-norm, fisher. Layers are"
                    + " selected by the first of several. Default: cka.")
    private @Nullable String measures;

    @Option(
            names = "--bootstrap",
            paramLabel = "N",
            description = "Draw the rows anew N times, for intervals and the probability of being selected; at"
                    + " least 20, and 1000 is usual. Default: 0, not at all.")
    private @Nullable Integer bootstrap;

    @Option(
            names = "--permutations",
            paramLabel = "N",
            description = "Shuffle the rows N times, for the similarity that unrelated data have; at least 20, and 100"
                    + " is usual. Default: 0, not at all.")
    private @Nullable Integer permutations;

    @Option(
            names = "--rbf-bandwidth",
            paramLabel = "X",
            description = "Width of the kernel of rbf-cka, as a multiple of the median distance. Default: 1.")
    private @Nullable Double rbfBandwidth;

    @Option(
            names = "--svcca-variance",
            paramLabel = "X",
            description = "Share of the variance that svcca and pwcca keep of a layer. Default: 0.99.")
    private @Nullable Double svccaVariance;

    @Option(
            names = "--minibatch",
            paramLabel = "N",
            description = "Rows a minibatch of minibatch-cka, at least 4. Default: 256.")
    private @Nullable Integer minibatch;

    /** @throws UserException if one is unknown or named twice, or none is left */
    List<Measure> measures() {
        if (measures == null) {
            return List.of(Measure.LINEAR_CKA);
        }
        List<Measure> found = new ArrayList<>();
        for (String part : measures.split(",", -1)) {
            String id = part.strip();
            Measure measure = Measure.of(id)
                    .orElseThrow(() -> new UserException("--measure \"%s\" is unknown%s; known are %s."
                            .formatted(
                                    id,
                                    Spelling.nearest(id, Measure.ids())
                                            .map(", the nearest one is \"%s\""::formatted)
                                            .orElse(""),
                                    String.join(", ", Measure.ids()))));
            if (found.contains(measure)) {
                throw new UserException("--measure names %s twice; name each measure once.".formatted(id));
            }
            found.add(measure);
        }
        return found;
    }

    MeasureOptions options() {
        Limits.aboveZero("--rbf-bandwidth", rbfBandwidth);
        Limits.share("--svcca-variance", svccaVariance);
        Limits.atLeast("--minibatch", minibatch, FEWEST_IN_MINIBATCH);
        MeasureOptions defaults = MeasureOptions.DEFAULTS;
        return new MeasureOptions(
                rbfBandwidth == null ? defaults.rbfBandwidth() : rbfBandwidth,
                svccaVariance == null ? defaults.svccaVariance() : svccaVariance,
                minibatch == null ? defaults.minibatch() : minibatch);
    }

    int bootstrap() {
        return drawn("--bootstrap", bootstrap);
    }

    int permutations() {
        return drawn("--permutations", permutations);
    }

    private static int drawn(String flag, @Nullable Integer times) {
        Limits.atLeast(flag, times, 0);
        if (times != null && times > AnalysisSettings.MOST_DRAWS) {
            throw new UserException(String.format(
                    Locale.ROOT, "%s must be at most %,d, but is %,d.", flag, AnalysisSettings.MOST_DRAWS, times));
        }
        if (times != null && times > 0 && times < AnalysisSettings.FEWEST_DRAWS) {
            throw new UserException("%s must be 0 or at least %s, but is %s: fewer say nothing of a 95 %% interval."
                    .formatted(flag, AnalysisSettings.FEWEST_DRAWS, times));
        }
        return times == null ? 0 : times;
    }
}
