package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;

/** Each measure on numbers small enough for paper. */
class ByHandTest {

    private static final Offset<Double> EXACT = within(1e-12);

    private final TensorEngine engine = Engines.shared();

    private static double of(SimilarityMeasure measure, double[][] x, double[][] y) {
        return matrix(measure, x, y).value(0, 1).orElseThrow();
    }

    private static SimilarityMatrix matrix(SimilarityMeasure measure, double[][]... layers) {
        return measure.allPairs(Layers.of(layers), Engines.device(), Progress.none(), partial -> {});
    }

    @Test
    void linearCka() {
        // centred (-1, 0, 1) and (-2, 1, 1): CKA is the squared correlation, 9 / (2 * 6)
        assertThat(of(new LinearCka(engine), Layers.column(1, 2, 3), Layers.column(0, 3, 3)))
                .isCloseTo(0.75, EXACT);
    }

    /** Of 12 examples each lacks one of the 11 others, the one with the smallest cosine. */
    @Test
    void nearestNeighbours() {
        // all lack 11; 11 lacks 3
        double[][] x = directions(11, 3);
        // all lack 0; 0 lacks 5
        double[][] y = directions(0, 5);
        // all lack 11; 11 lacks 4
        double[][] z = directions(11, 4);
        assertThat(of(new NearestNeighbours(engine), x, y)).isCloseTo(9 / 11.0, EXACT);
        assertThat(of(new NearestNeighbours(engine), x, z)).isCloseTo((11 + 9 / 11.0) / 12, EXACT);
    }

    /** Returns 12 vectors with nearly the first axis as direction, one with the second, and one away from that. */
    private static double[][] directions(int far, int farthestFromIt) {
        double[][] vectors = new double[12][];
        for (int i = 0; i < 12; i++) {
            double angle = i == far ? Math.PI / 2 : i == farthestFromIt ? -0.1 : 0.001 * i;
            vectors[i] = new double[] {(i + 1) * Math.cos(angle), (i + 1) * Math.sin(angle)};
        }
        return vectors;
    }

    /** Of 12 examples each lacks one neighbour of 11: 9 or 10 of 10 are shared, with 1/11 the same one. */
    @Test
    void unrelatedNeighbours() {
        assertThat(NearestNeighbours.unrelated(12)).isCloseTo(1 / 11.0 + 10 / 11.0 * 9 / 11, EXACT);
        assertThat(NearestNeighbours.unrelated(11)).isCloseTo(1, EXACT);
        assertThat(NearestNeighbours.unrelated(100_001)).isCloseTo(100 / 100_000.0 / 19, within(1e-7));
    }

    @Test
    void debiasedCka() {
        // K has one pair, (3, 4), L one, (2, 4): HSIC_1(K, K) = (2 + 4/6 - 2) / 4 = 1/6 = HSIC_1(L, L),
        // HSIC_1(K, L) = (0 + 4/6 - 1) / 4 = -1/12
        assertThat(of(new DebiasedCka(engine), Layers.column(0, 0, 1, 1), Layers.column(0, 1, 0, 1)))
                .isCloseTo(-0.5, EXACT);
    }

    @Test
    void debiasedCkaOfExamplesThatAreAllAlike() {
        double[][] corners = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
        assertThat(((Similarity.Undefined) matrix(new DebiasedCka(engine), corners, Layers.column(0, 0, 1, 1))
                                .at(0, 1))
                        .reason())
                .contains("hidden state 0 are alike to all others");
    }

    @Test
    void minibatchCka() {
        // the pair above, then one that is the same twice: (-1/12 + 1/6) / (1/6 + 1/6)
        double[][] x = Layers.column(0, 0, 1, 1, 0, 0, 1, 1);
        double[][] y = Layers.column(0, 1, 0, 1, 0, 0, 1, 1);
        assertThat(of(new MinibatchCka(engine, 4), x, y)).isCloseTo(0.25, EXACT);
    }

    @Test
    void rbfCka() {
        // corners of a triangle: the centred kernel is a multiple of H = I - 1/3; two examples alike and one apart: it
        // is
        // a multiple of vv' with v = (1, 1, -2) / sqrt 6, and <H, vv'> / (sqrt 2 * 1) = 1 / sqrt 2
        double[][] triangle = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        assertThat(of(new RbfCka(engine, 0.7), triangle, Layers.column(0, 0, 1)))
                .isCloseTo(Math.sqrt(0.5), EXACT);
    }

    @Test
    void rbfCkaWithoutABandwidth() {
        // 6 of 10 pairs are the same
        assertThat(((Similarity.Undefined) matrix(
                                        new RbfCka(engine, 1),
                                        Layers.column(0, 0, 0, 0, 1),
                                        Layers.column(1, 2, 3, 4, 5))
                                .at(0, 1))
                        .reason())
                .contains("hidden state 0, so RBF CKA has no bandwidth");
    }

    @Test
    void rbfCkaOfAWideKernelIsLinearCka() {
        double[][] x = {{1, 2}, {3, -1}, {0, 0}, {2, 5}, {-4, 1}};
        double[][] y = {{0, 1}, {1, 1}, {4, 0}, {-2, 3}, {1, 2}};
        assertThat(of(new RbfCka(engine, 1e5), x, y)).isCloseTo(of(new LinearCka(engine), x, y), within(1e-8));
        assertThat(of(new RbfCka(engine, 0.01), x, y)).isCloseTo(1, EXACT);
    }

    @Test
    void cosine() {
        // cosines 0 and 24/25
        double[][] x = {{1, 0}, {3, 4}};
        double[][] y = {{0, -2}, {4, 3}};
        assertThat(of(new Cosine(engine), x, y)).isCloseTo(0.48, EXACT);
        assertThat(of(new Cosine(engine), x, new double[][] {{-1, 0}, {-3, -4}}))
                .isCloseTo(-1, EXACT);
    }

    @Test
    void cosineOfAVectorOfZeros() {
        assertThat(((Similarity.Undefined) matrix(new Cosine(engine), Layers.column(1, 2), Layers.column(1, 0))
                                .at(0, 1))
                        .reason())
                .isEqualTo("Example 2 is a vector of zeros in hidden state 1 and cosine similarity is undefined.");
    }

    @Test
    void procrustes() {
        // X^T Y = (4, 0)^T, norms sqrt 8 and 2
        double[][] x = {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}};
        assertThat(of(new Procrustes(engine), x, Layers.column(1, 1, -1, -1))).isCloseTo(Math.sqrt(0.5), EXACT);
    }

    @Test
    void canonicalCorrelations() {
        // columns a, b, c at right angles; X = (3a, b), Y = (a, c): correlations 1 and 0
        double[][] x = {{3, 1}, {3, -1}, {-3, 1}, {-3, -1}};
        double[][] y = {{1, 1}, {1, -1}, {-1, -1}, {-1, 1}};
        assertThat(of(new Svcca(engine, 1), x, y)).isCloseTo(0.5, EXACT);
        // of X's variance, a carries 0.9
        assertThat(of(new Svcca(engine, 0.85), x, y)).isCloseTo(1, EXACT);
        // weights of X: 6 and 2; of Y: 2 and 2
        SimilarityMatrix weighted = matrix(new Pwcca(engine, 1), x, y);
        assertThat(weighted.value(0, 1).orElseThrow()).isCloseTo(0.75, EXACT);
        assertThat(weighted.value(1, 0).orElseThrow()).isCloseTo(0.5, EXACT);
    }

    @Test
    void canonicalCorrelationsOfAsManyDirectionsAsThereAre() {
        double[][] full = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 0}};
        for (SimilarityMeasure measure : new SimilarityMeasure[] {new Svcca(engine, 1), new Pwcca(engine, 1)}) {
            assertThat(((Similarity.Undefined) matrix(measure, Layers.column(1, 2, 3, 5), full)
                                    .at(0, 1))
                            .reason())
                    .startsWith(
                            "Hidden state 1 takes 3 directions for 100 %% of its variance, all that 4 examples have, with which %s is 1"
                                    .formatted(measure.measure().noun()));
        }
        assertThat(of(new Svcca(engine, 0.5), Layers.column(1, 2, 3, 5), full)).isBetween(0.0, 1.0);
    }

    @Test
    void pwccaWhoseWeightsAreNotDetermined() {
        // 3 and 3 directions of the 4 that 5 examples have: two correlations are 1
        double[][] x = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 0}, {2, 5, 1}};
        double[][] y = {{0, 3, 0}, {0, 1, 2}, {4, 0, 1}, {1, 0, 7}, {0, 0, 0}};
        assertThat(((Similarity.Undefined) matrix(new Pwcca(engine, 1), x, y).at(0, 1)).reason())
                .startsWith("Hidden states 0 and 1 keep 3 and 3 directions, too many for 5 examples");
        assertThat(of(new Svcca(engine, 1), x, y)).isBetween(2.0 / 3, 1.0);
    }

    @Test
    void rsa() {
        // distances 1, 3, 2 and 2, 3, 1: 1 - 6 * 2 / 24
        assertThat(of(new Rsa(engine), Layers.column(0, 1, 3), Layers.column(0, 2, 3)))
                .isCloseTo(0.5, EXACT);
        // distances 1, 3, 2 and 1, 2, 1, ranks 1, 3, 2 and 1.5, 3, 1.5: 1.5 / sqrt 3
        assertThat(of(new Rsa(engine), Layers.column(0, 1, 3), Layers.column(0, 1, 2)))
                .isCloseTo(Math.sqrt(0.75), EXACT);
        double[][] triangle = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        assertThat(((Similarity.Undefined) matrix(new Rsa(engine), Layers.column(0, 1, 3), triangle)
                                .at(0, 1))
                        .reason())
                .contains("hidden state 1 are equally far apart");
    }
}
