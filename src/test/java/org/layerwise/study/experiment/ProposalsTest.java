package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.weights.SignalToNoise;
import org.layerwise.model.ModuleType;
import org.layerwise.study.experiment.rules.AdapterRanks;

/** Which layers the arms of an experiment get. */
class ProposalsTest {

    private static final SortedSet<Integer> SELECTED = new TreeSet<>(List.of(0, 3, 5));

    private static Proposals proposals(int of, SortedSet<Integer> selected) {
        return new Proposals(
                of,
                selected.size(),
                LinearCka.MEASURE,
                Map.of(
                        LinearCka.MEASURE,
                        new Proposals.Proposed(selected, "by ratio 0.5", Optional.empty()),
                        SignalToNoise.MEASURE,
                        new Proposals.Proposed(new TreeSet<>(List.of(1, 2)), "by noise", Optional.empty())),
                Map.of());
    }

    @Test
    void halvesHaveAsManyLayersAsTheSelection() {
        assertThat(proposals(6, SELECTED).layers(Arm.ALL, 1)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(proposals(6, SELECTED).layers(Arm.SELECTED, 1)).isEqualTo(SELECTED);
        assertThat(proposals(6, SELECTED).layers(Arm.LAST, 1)).containsExactly(3, 4, 5);
        assertThat(proposals(6, SELECTED).layers(Arm.RANDOM, 1)).hasSize(3);
    }

    @Test
    void layersByAMeasureAreItsOwnAndSuffixesChangeNone() {
        Proposals proposals = proposals(6, SELECTED);
        Arm noise = Arm.by(SignalToNoise.MEASURE);
        assertThat(proposals.layers(noise, 1)).containsExactly(1, 2);
        assertThat(proposals.reason(noise)).isEqualTo("by noise");
        assertThat(proposals.layers(Arm.by(LinearCka.MEASURE), 1)).isEqualTo(SELECTED);
        assertThat(proposals.selected()).contains(SELECTED);
        for (Arm arm : List.of(Arm.ALL, Arm.RANDOM, Arm.LAST, noise)) {
            assertThat(proposals.layers(arm.with(AdapterRanks.HALF).only(ModuleType.MLP), 3))
                    .as("compared at equal layers, also where they are drawn")
                    .isEqualTo(proposals.layers(arm, 3));
        }
    }

    @Test
    void anotherSeedDrawsOtherLayersAndTheSameTheSame() {
        Set<SortedSet<Integer>> draws = new HashSet<>();
        Set<Integer> drawn = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            SortedSet<Integer> layers = proposals(6, SELECTED).layers(Arm.RANDOM, seed);
            assertThat(proposals(6, SELECTED).layers(Arm.RANDOM, seed)).isEqualTo(layers);
            draws.add(layers);
            drawn.addAll(layers);
        }
        assertThat(draws).as("three of six can be drawn in 20 ways").hasSize(20);
        assertThat(drawn).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    /** Expected is each layer in {@code count / of} of the seeds; the bound is five standard errors of a draw by chance. */
    @ParameterizedTest
    @MethodSource("sizes")
    void randomLayersAreDrawnEquallyOftenOverNeighbouringSeeds(int of) {
        int seeds = 1000;
        SortedSet<Integer> half =
                new TreeSet<>(IntStream.range(0, of / 2).boxed().toList());
        int[] drawn = new int[of];
        for (int seed = 0; seed < seeds; seed++) {
            proposals(of, half).layers(Arm.RANDOM, seed).forEach(layer -> drawn[layer]++);
        }

        double share = (double) half.size() / of;
        double error = Math.sqrt(seeds * share * (1 - share));
        for (int layer = 0; layer < of; layer++) {
            assertThat((double) drawn[layer])
                    .as("how often layer %d of %d is drawn", layer, of)
                    .isCloseTo(seeds * share, within(5 * error));
        }
    }

    static IntStream sizes() {
        return IntStream.rangeClosed(4, 32);
    }
}
