package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConclusionTest {

    private static final double[] ALL = {0.81, 0.83, 0.79, 0.85, 0.80};
    private static final double[] MUCH_WORSE = {0.61, 0.625, 0.59, 0.66, 0.60};
    private static final double[] UNSURE = {0.82, 0.82, 0.80, 0.83, 0.81};
    private static final double[] BETTER = {0.92, 0.938, 0.90, 0.955, 0.91};

    private static List<String> sentences(Map<Arm, double[]> arms) {
        return new Conclusion(ExperimentSamples.result(arms)).sentences();
    }

    private static Map<Arm, double[]> arms(double[] all, double[] last) {
        Map<Arm, double[]> arms = new LinkedHashMap<>();
        arms.put(Arm.ALL, all);
        arms.put(Arm.LAST, last);
        return arms;
    }

    @Test
    void onlyAnIntervalWithoutZeroDecides() {
        assertThat(sentences(arms(ALL, MUCH_WORSE)))
                .containsExactly("Decided: worse than all layers: last layers (-0.1990).");
        assertThat(sentences(arms(ALL, BETTER)))
                .containsExactly("Decided: better than all layers: last layers (+0.1086).");
    }

    /** The paired spread is 0.0141; with five seeds 80 % power needs 1.68 of it (SciPy's noncentral t). */
    @Test
    void withoutADecisionItSaysWhatCouldHaveBeenShown() {
        assertThat(sentences(arms(ALL, UNSURE)))
                .singleElement()
                .asString()
                .matches("Not decided against all layers: last layers; these 5 seeds could show a difference of"
                        + " 0\\.02\\d\\d \\(with 80 % power\\)\\.")
                .doesNotContain("no difference");
    }

    @Test
    void oneSeedDecidesNothing() {
        assertThat(sentences(arms(new double[] {0.8}, new double[] {0.6})))
                .containsExactly(
                        "Not decided against all layers: last layers; one seed cannot tell the layers from the luck of"
                                + " a seed.");
    }

    @Test
    void armWithoutValueIsNotDecided() {
        assertThat(sentences(arms(ALL, new double[] {0.6, Double.NaN, 0.6, 0.6, 0.6})))
                .containsExactly("Not decided against all layers: last layers; a run has no value.");
    }

    @Test
    void decidedAndUndecidedArmsAreToldApartForBothBaselines() {
        Map<Arm, double[]> arms = arms(ALL, MUCH_WORSE);
        arms.put(Arm.RANDOM, UNSURE);
        arms.put(Arm.SELECTED, new double[] {0.815, 0.82, 0.795, 0.84, 0.805});
        List<String> sentences = sentences(arms);

        assertThat(sentences).hasSize(2);
        assertThat(sentences.get(0))
                .startsWith(
                        "Decided: worse than all layers: last layers (-0.1990). Not decided against all layers: random"
                                + " layers, selected layers; these 5 seeds could show a difference of 0.")
                .contains(" to 0.", ", depending on the arm (with 80 % power).");
        assertThat(sentences.get(1))
                .startsWith(
                        "Decided: worse than random layers: last layers (-0.1990). Not decided against random layers:"
                                + " selected layers;");
    }

    /** 0.55 against 0.5 on 500 rows: each has a standard error of 0.022 by its rows. */
    @Test
    void taskOnWhichNothingWasLearntDoesNotCount() {
        Map<Arm, double[]> arms = arms(new double[] {0.55, 0.56, 0.54}, new double[] {0.55, 0.54, 0.55});
        assertThat(sentences(arms).get(0))
                .startsWith("This task does not count: all layers beat the untrained model by +0.0500 with a standard"
                        + " error of 0.03");
        assertThat(new Conclusion(ExperimentSamples.result(arms, 0.1))
                        .sentences()
                        .get(0))
                .startsWith("Not decided");
    }

    @Test
    void remarksSayWhatTheIntervalsCover() {
        assertThat(ExperimentReport.remarks(ExperimentSamples.result(arms(ALL, UNSURE))))
                .anyMatch(
                        remark -> remark.startsWith("The intervals of differences cover other seeds, on the same rows.")
                                && remark.contains("none of the 1 arm compared with all layers"));
        assertThat(ExperimentReport.remarks(ExperimentSamples.result(Map.of(Arm.RANDOM, ALL, Arm.LAST, UNSURE))))
                .anyMatch(remark -> remark.contains("none of the 1 arm compared with random layers"))
                .anyMatch(remark ->
                        remark.startsWith("Random layers are drawn anew for each seed: 5 draws, 1 of them different"));
    }

    @Test
    void armsWithoutBaselineHaveNoSentence() {
        assertThat(sentences(Map.of(Arm.LAST, ALL))).isEmpty();
    }
}
