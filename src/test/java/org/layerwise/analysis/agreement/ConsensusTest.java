package org.layerwise.analysis.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.layerwise.analysis.agreement.RankCorrelationTest.scores;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;

class ConsensusTest {

    @Test
    void isTheMeanShareOfLayersThatALayerIsAheadOf() {
        LayerImportance consensus =
                Consensus.of(List.of(scores(1, 2, 3, 3), scores(40, 10, 20, 30)), UndefinedLayers.EXCLUDE);

        // first: 0, 1/3, 2.5/3, 2.5/3; second: 1, 0, 1/3, 2/3
        assertThat(consensus.of(0).orElseThrow()).isCloseTo(0.5, within(1e-12));
        assertThat(consensus.of(1).orElseThrow()).isCloseTo(1.0 / 6, within(1e-12));
        assertThat(consensus.of(2).orElseThrow()).isCloseTo(3.5 / 6, within(1e-12));
        assertThat(consensus.of(3).orElseThrow()).isCloseTo(4.5 / 6, within(1e-12));
        assertThat(consensus.ranking(UndefinedLayers.EXCLUDE)).containsExactly(3, 2, 0, 1);
    }

    @Test
    void oppositeRankingsTieAndAreRankedByIndex() {
        LayerImportance consensus = Consensus.of(List.of(scores(1, 2, 3), scores(3, 2, 1)), UndefinedLayers.EXCLUDE);

        assertThat(consensus.ranking(UndefinedLayers.EXCLUDE)).containsExactly(0, 1, 2);
        assertThat(consensus.of(0)).isEqualTo(consensus.of(2));
    }

    @Test
    void aLayerWithoutImportanceIsBehindAllOrBeforeAll() {
        List<LayerImportance> rankings = List.of(scores(Double.NaN, 1, 2), scores(1, 2, 3));

        assertThat(Consensus.of(rankings, UndefinedLayers.EXCLUDE).of(0)).hasValue(0);
        assertThat(Consensus.of(rankings, UndefinedLayers.INCLUDE).of(0)).hasValue(0.5);
    }

    @Test
    void aLayerWithoutImportanceInAnyRankingHasNone() {
        List<LayerImportance> rankings = List.of(scores(Double.NaN, 1, 2), scores(Double.NaN, 2, 3));

        assertThat(Consensus.of(rankings, UndefinedLayers.EXCLUDE).reason(0))
                .hasValue("Layer 0 has no importance in any ranking.");
        assertThat(Consensus.of(rankings, UndefinedLayers.EXCLUDE).ranking(UndefinedLayers.EXCLUDE))
                .containsExactly(2, 1);
    }

    @Test
    void votesAndOverlapsAreCounted() {
        assertThat(Consensus.votes(List.of(Set.of(0, 2), Set.of(2)), 4)).containsExactly(1, 0, 2, 0);
        assertThat(SelectionOverlap.of(Set.of(0, 1, 2), Set.of(1, 2, 3, 4)))
                .isEqualTo(new SelectionOverlap(2, 2.0 / 3, 2.0 / 5));
        assertThat(SelectionOverlap.of(Set.of(), Set.of(1))).isEqualTo(new SelectionOverlap(0, Double.NaN, Double.NaN));
        assertThat(SelectionOverlap.of(Set.of(), Set.of())).isEqualTo(new SelectionOverlap(0, Double.NaN, Double.NaN));
    }
}
