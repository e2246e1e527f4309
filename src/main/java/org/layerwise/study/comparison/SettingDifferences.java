package org.layerwise.study.comparison;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.ablation.Ablation;
import org.layerwise.analysis.inputs.ExplainedVariance;
import org.layerwise.analysis.similarity.MinibatchCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.analysis.similarity.Svcca;
import org.layerwise.base.Decimals;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.model.Versions;

/** Settings that differ between analyses, which a reader may take for a difference of models. */
final class SettingDifferences {

    private SettingDifferences() {}

    /**
     * Returns a remark that names each setting of the representations and measures that differs, with its values in the order of the
     * analyses; empty if all are equal or unknown. Maximum lengths count only if a row was cut, and positions and options only
     * of analyses with a measure that depends on them.
     */
    static Optional<String> remark(List<Analysis> analyses) {
        boolean cut = analyses.stream().anyMatch(analysis -> analysis.cutRows() > 0);
        List<String> apart = Stream.of(
                        different("position", analyses, SettingDifferences::position),
                        cut
                                ? different("max length", analyses, SettingDifferences::maxLength)
                                : Optional.<String>empty(),
                        different("dtype", analyses, SettingDifferences::dtype),
                        different("quantize", analyses, analysis -> Versions.quantization(analysis.versions())
                                .id()),
                        different("compat", analyses, SettingDifferences::compatibility),
                        option(analyses, RbfCka.MEASURE, "rbf-bandwidth", MeasureOptions::rbfBandwidth),
                        option(analyses, Svcca.MEASURE, "svcca-variance", MeasureOptions::svccaVariance),
                        option(analyses, MinibatchCka.MEASURE, "minibatch", MeasureOptions::minibatch),
                        option(analyses, Ablation.MEASURE, "ablation-factor", MeasureOptions::ablationFactor),
                        option(analyses, ExplainedVariance.MEASURE, "eva-components", MeasureOptions::evaComponents),
                        undefined(analyses))
                .flatMap(Optional::stream)
                .toList();
        return apart.isEmpty()
                ? Optional.empty()
                : Optional.of("The analyses have different settings: %s; these change the results, too."
                        .formatted(String.join(", ", apart)));
    }

    private static @Nullable String position(Analysis analysis) {
        Position position = analysis.position();
        boolean used =
                analysis.results().stream().anyMatch(result -> result.measure().fromRepresentations());
        return position == null || !used ? null : position.id();
    }

    private static @Nullable String maxLength(Analysis analysis) {
        DataSettings rows = analysis.rows();
        return rows == null ? null : String.valueOf(rows.maxLength());
    }

    private static @Nullable String dtype(Analysis analysis) {
        String type = analysis.versions().get(Versions.DTYPE);
        return type == null ? null : type.toLowerCase(Locale.ROOT);
    }

    private static @Nullable String compatibility(Analysis analysis) {
        DataSettings rows = analysis.rows();
        if (rows == null) {
            return null;
        }
        return rows.compatibility().isEmpty()
                ? "none"
                : rows.compatibility().stream()
                        .sorted()
                        .map(ReferenceCompatibility::id)
                        .collect(Collectors.joining(" + "));
    }

    /** Compares an option over the analyses that have the measure that it is of. */
    private static Optional<String> option(
            List<Analysis> analyses, Measure measure, String name, ToDoubleFunction<MeasureOptions> of) {
        List<Analysis> having = analyses.stream()
                .filter(analysis -> analysis.result(measure).isPresent())
                .toList();
        return different(
                name,
                having,
                analysis ->
                        Decimals.shortest(of.applyAsDouble(analysis.settings().options())));
    }

    /** Compares the treatment of layers without importance; empty if no analysis has such a layer. */
    private static Optional<String> undefined(List<Analysis> analyses) {
        boolean any = analyses.stream()
                .flatMap(analysis -> analysis.results().stream())
                .anyMatch(result -> !result.importance().reasons().isEmpty());
        return any
                ? different("undefined", analyses, analysis -> analysis.settings()
                                .undefined()
                                .id())
                        .map(words -> words + ", here all as the first")
                : Optional.empty();
    }

    private static Optional<String> different(
            String name, List<Analysis> analyses, Function<Analysis, @Nullable String> of) {
        List<String> known =
                analyses.stream().map(of).filter(Objects::nonNull).distinct().toList();
        return known.size() < 2 ? Optional.empty() : Optional.of("%s (%s)".formatted(name, String.join(", ", known)));
    }
}
