package org.layerwise.analysis.measure;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ablation.Ablation;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.analysis.adapter.AdapterNorm;
import org.layerwise.analysis.adapter.AdapterRank;
import org.layerwise.analysis.extraction.TokenCosines;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.gradient.NormalisedGradient;
import org.layerwise.analysis.inputs.ExplainedVariance;
import org.layerwise.analysis.similarity.AngularProcrustes;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.DistanceCorrelation;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.MinibatchCka;
import org.layerwise.analysis.similarity.NearestNeighbours;
import org.layerwise.analysis.similarity.Procrustes;
import org.layerwise.analysis.similarity.Pwcca;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.analysis.similarity.Rsa;
import org.layerwise.analysis.similarity.Svcca;
import org.layerwise.analysis.weights.ConditionNumber;
import org.layerwise.analysis.weights.SignalToNoise;
import org.layerwise.analysis.weights.TailExponent;

/** List of all measures. A new measure is a class that defines and computes it, and a line here. */
public final class Measures {

    /** All measures, in the order in which users see them. */
    public static final List<Measure> ALL = List.of(
            LinearCka.MEASURE,
            DebiasedCka.MEASURE,
            RbfCka.MEASURE,
            MinibatchCka.MEASURE,
            Cosine.MEASURE,
            TokenCosines.MEASURE,
            Procrustes.MEASURE,
            AngularProcrustes.MEASURE,
            Svcca.MEASURE,
            Pwcca.MEASURE,
            Rsa.MEASURE,
            DistanceCorrelation.MEASURE,
            NearestNeighbours.MEASURE,
            GradientScores.GRADIENT_NORM,
            GradientScores.FISHER,
            NormalisedGradient.MEASURE,
            Ablation.MEASURE,
            ExplainedVariance.MEASURE,
            SignalToNoise.MEASURE,
            ConditionNumber.MEASURE,
            TailExponent.MEASURE,
            AdapterNorm.MEASURE,
            AdapterRank.MEASURE,
            AdapterEnergy.MEASURE);

    /** Order of {@link #ALL}. */
    public static final Comparator<Measure> ORDER = Comparator.comparingInt(ALL::indexOf);

    private Measures() {}

    /** Returns the names of all measures, as written in settings. */
    public static List<String> ids() {
        return ALL.stream().map(Measure::id).toList();
    }

    /** Returns the measure of a name; {@code linear-cka} is a name that earlier versions wrote. */
    public static Optional<Measure> of(String id) {
        return id.equals("linear-cka")
                ? Optional.of(LinearCka.MEASURE)
                : ALL.stream().filter(measure -> measure.id().equals(id)).findFirst();
    }
}
