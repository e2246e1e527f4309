package org.layerwise.analysis.similarity;

import java.util.Locale;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.UserException;

/** Messages that all measures share. */
final class MeasureMessages {

    private MeasureMessages() {}

    static String atTheStart(Measure measure) {
        String name = measure.noun();
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** Returns an undefined similarity from a sentence on the reason. */
    static Similarity.Undefined undefined(String sentence, Measure measure) {
        return new Similarity.Undefined(
                "%s and %s is undefined.".formatted(sentence.substring(0, sentence.length() - 1), measure.noun()));
    }

    /** Refuses fewer examples than the measure needs. */
    static void requireSamples(SimilarityMeasure measure, int samples) {
        requireSamples(measure.measure(), measure.fewestSamples(), samples);
    }

    static void requireSamples(Measure measure, int fewest, long samples) {
        if (samples < fewest) {
            throw new UserException("%s needs at least %s examples, but the data has %s; use more samples."
                    .formatted(atTheStart(measure), fewest, samples));
        }
    }

    /** Refuses representations with different numbers of examples, which cannot be of the same examples. */
    static void requireSameExamples(Measure measure, int first, int second) {
        if (first != second) {
            throw new UserException(
                    "%s compares representations of the same examples, but one side has %s and the other %s; use the same data and the same number of samples for both."
                            .formatted(atTheStart(measure), first, second));
        }
    }
}
