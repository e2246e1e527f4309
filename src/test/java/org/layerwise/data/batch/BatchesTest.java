package org.layerwise.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.DataSummary;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.input.TokenBatch;

class BatchesTest {

    private static final RowPadding PAD = new RowPadding(-7, Integer.MAX_VALUE);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyRowIsInOneBatchWholeAndPadded(long seed) {
        TokenizedDataset data = DataFixtures.randomRows((int) (seed * seed * 7 % 97) + 1, 40, seed);

        checkAll(data, Batches.byTokens(data, PAD, 1 + (int) seed * 23));
        checkAll(data, Batches.byRows(data, PAD, (int) seed));
        checkRows(data, Batches.shuffled(data.size(), (int) seed, seed, 0));
        checkRows(data, Batches.lengthGrouped(data, (int) seed, 2, seed, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 39, 64, 200, 100_000})
    void tokensStayWithinTheBudget(int budget) {
        TokenizedDataset data = DataFixtures.randomRows(150, 40, budget);
        List<Batch> batches = Batches.byTokens(data, PAD, budget);

        int before = Integer.MAX_VALUE;
        for (int i = 0; i < batches.size(); i++) {
            TokenBatch tokens = batches.get(i).tokens();
            assertThat(tokens.size() == 1 || tokens.ids().length <= budget).isTrue();
            assertThat(tokens.length()).isLessThanOrEqualTo(before);
            before = tokens.length();
            if (i + 1 < batches.size()) {
                // no smaller than need be
                assertThat((tokens.size() + 1) * tokens.length()).isGreaterThan(budget);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noOtherCutsAreCheaper(long seed) {
        TokenizedDataset data = DataFixtures.randomRows(9, 30, seed);
        int overhead = (int) seed * 7;
        List<Batch> batches = Batches.cheapest(data, PAD, overhead, 70);
        checkAll(data, batches);
        int[] lengths = data.rows().stream()
                .mapToInt(TokenRow::length)
                .map(length -> -length)
                .sorted()
                .map(length -> -length)
                .toArray();
        int cost = 0;
        for (Batch batch : batches) {
            assertThat(batch.tokens().size() == 1 || batch.tokens().ids().length <= 70)
                    .isTrue();
            cost += overhead + batch.tokens().ids().length;
        }
        // every way to cut nine sorted rows: a bit says whether a batch ends after a row
        int cheapest = Integer.MAX_VALUE;
        for (int cuts = 0; cuts < 1 << 8; cuts++) {
            cheapest = Math.min(cheapest, cost(lengths, cuts, overhead));
        }
        assertThat(cost).isEqualTo(cheapest);
    }

    private static int cost(int[] lengths, int cuts, int overhead) {
        int cost = 0;
        int first = 0;
        for (int row = 0; row < lengths.length; row++) {
            if (row == lengths.length - 1 || (cuts >> row & 1) == 1) {
                int tokens = (row + 1 - first) * lengths[first];
                if (row > first && tokens > 70) {
                    return Integer.MAX_VALUE;
                }
                cost += overhead + tokens;
                first = row + 1;
            }
        }
        return cost;
    }

    @Test
    void theReferencesWayPadsEveryRowToTheSameLength() {
        TokenizedDataset data = DataFixtures.randomRows(10, 20, 2);
        List<Batch> batches = Batches.padded(data, PAD, 4, 25);
        assertThat(batches).hasSize(3);
        for (Batch batch : batches) {
            assertThat(batch.tokens().length()).isEqualTo(25);
        }
        assertThat(batches.get(1).rows()).containsExactly(4, 5, 6, 7);
        checkAll(data, Batches.inOrder(data, PAD, 4));
    }

    @Test
    void resultsGoBackIntoTheDatasOrder() {
        TokenizedDataset data = DataFixtures.randomRows(57, 20, 3);
        long[] firstTokens = new long[data.size()];
        for (Batch batch : Batches.byTokens(data, PAD, 64)) {
            for (int i = 0; i < batch.rows().length; i++) {
                firstTokens[batch.rows()[i]] =
                        batch.tokens().ids()[i * batch.tokens().length()];
            }
        }
        for (int row = 0; row < data.size(); row++) {
            assertThat(firstTokens[row]).isEqualTo(1000L * (row + 1));
        }
    }

    @Test
    void theLastBatchOfAnEpochMayBeSmaller() {
        TokenizedDataset data = DataFixtures.randomRows(10, 5, 1);

        assertThat(Batches.shuffled(data.size(), 4, 42, 0).stream().map(rows -> rows.length))
                .containsExactly(4, 4, 2);
        assertThat(Batches.byRows(data, PAD, 4)).hasSize(3);
    }

    @Test
    void ordersOfTrainingDependOnSeedAndEpochAlone() {
        TokenizedDataset data = DataFixtures.randomRows(64, 5, 1);

        assertThat(order(data, 42, 0)).isEqualTo(order(data, 42, 0));
        assertThat(order(data, 42, 0)).isNotEqualTo(order(data, 42, 1));
        assertThat(order(data, 42, 0)).isNotEqualTo(order(data, 43, 0));
        assertThat(order(data, 42, 1)).isNotEqualTo(order(data, 43, 0));
        assertThat(order(data, 42, 0))
                .isNotEqualTo(IntStream.range(0, 64).boxed().toList());
    }

    @Test
    void rowsOfLikeLengthGoTogetherAndTheLongestComesFirst() {
        TokenizedDataset data = DataFixtures.randomRows(970, 40, 3);
        List<int[]> batches = Batches.lengthGrouped(data, 4, 2, 42, 0);
        int most = data.rows().stream().mapToInt(TokenRow::length).max().orElseThrow();
        assertThat(longest(data, batches.get(0))).isEqualTo(most);

        // 970 / (4 * 8) = 30 steps of 8 rows are sorted together: 60 batches; only the very longest rows are exchanged
        for (int part = 0; part < batches.size(); part += 60) {
            int before = Integer.MAX_VALUE;
            for (int i = part + 1; i < Math.min(part + 60, batches.size()); i++) {
                int[] rows = batches.get(i);
                for (int row : rows) {
                    int length = data.rows().get(row).length();
                    assertThat(length).isLessThanOrEqualTo(before);
                    before = length;
                }
            }
        }
        assertThat(padding(data, batches)).isLessThan(padding(data, Batches.shuffled(data.size(), 4, 42, 0)) / 2);
        assertThat(rows(Batches.lengthGrouped(data, 4, 2, 42, 0))).isEqualTo(rows(batches));
        assertThat(rows(Batches.lengthGrouped(data, 4, 2, 42, 1))).isNotEqualTo(rows(batches));
        assertThat(rows(Batches.lengthGrouped(data, 4, 2, 43, 0))).isNotEqualTo(rows(batches));
    }

    @Test
    void stepsMayBeLargerThanAllRows() {
        TokenizedDataset data = DataFixtures.randomRows(9, 40, 3);

        for (int accumulate : new int[] {1, 2, Integer.MAX_VALUE}) {
            List<int[]> batches = Batches.lengthGrouped(data, Integer.MAX_VALUE, accumulate, 42, 0);
            assertThat(batches).hasSize(1);
            checkRows(data, batches);
        }
    }

    private static int longest(TokenizedDataset data, int[] rows) {
        return Arrays.stream(rows)
                .map(row -> data.rows().get(row).length())
                .max()
                .orElseThrow();
    }

    private static int padding(TokenizedDataset data, List<int[]> batches) {
        return batches.stream()
                .mapToInt(rows -> Arrays.stream(rows)
                        .map(row -> longest(data, rows) - data.rows().get(row).length())
                        .sum())
                .sum();
    }

    private static List<Integer> rows(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream).boxed().toList();
    }

    @Test
    void batchesOfNothing() {
        TokenizedDataset data = DataFixtures.randomRows(3, 5, 1);

        assertThatThrownBy(() -> Batches.byRows(data, PAD, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Batches.byTokens(data, PAD, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void summaryCountsLengths() {
        List<TokenRow> rows = IntStream.of(5, 1, 3, 9)
                .mapToObj(length -> new TokenRow(new long[length], null))
                .toList();
        TokenizedDataset data =
                new TokenizedDataset("t", rows, new Labels.Classes(new int[] {1, 0, 1, 1}, List.of("no", "yes")), 1, 9);

        DataSummary summary = DataSummary.of(data);

        assertThat(summary.shortest()).isEqualTo(1);
        assertThat(summary.median()).isEqualTo(3);
        assertThat(summary.longest()).isEqualTo(9);
        assertThat(summary.cutShare()).isEqualTo(0.25);
        assertThat(summary.lengths()).containsExactly(5, 1, 3, 9);
        assertThat(summary.histogram(3))
                .containsExactly(
                        new DataSummary.Bin(1, 3, 2), new DataSummary.Bin(4, 6, 1), new DataSummary.Bin(7, 9, 1));
        assertThat(summary.histogram(100)).hasSize(9);
    }

    private static List<Integer> order(TokenizedDataset data, long seed, int epoch) {
        List<Integer> order = new ArrayList<>();
        Batches.shuffled(data.size(), 7, seed, epoch)
                .forEach(rows -> Arrays.stream(rows).forEach(order::add));
        return order;
    }

    /** No batch pads a row beyond the limit, and the rows of a step stay the same. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 39, 40})
    void longRowsAreNotPadded(int limit) {
        TokenizedDataset data = DataFixtures.randomRows(80, 40, 5);
        RowPadding limited = new RowPadding(-7, limit);
        int[] all = Batches.shuffled(data.size(), data.size(), 1, 0).get(0);
        List<List<Batch>> ways = List.of(
                Batches.byTokens(data, limited, 200),
                Batches.cheapest(data, limited, 30, 200),
                Batches.byRows(data, limited, 8),
                Batches.inOrder(data, limited, 8),
                Batches.pieces(all, data, limited, 200),
                Batches.padded(data, limited, 8, 60));
        for (List<Batch> batches : ways) {
            for (Batch batch : batches) {
                for (int row : batch.rows()) {
                    int length = data.rows().get(row).length();
                    assertThat(limited.joins(length, batch.tokens().length())).isTrue();
                }
            }
        }
        ways.subList(0, 5).forEach(batches -> checkAll(data, batches));
    }

    @Test
    void longRowsOfTheSameLengthShareABatch() {
        TokenizedDataset data = ofLengths(9, 4, 9, 3, 8, 9);

        assertThat(Batches.byRows(data, new RowPadding(0, 5), 4).stream().map(Batch::rows))
                .containsExactly(new int[] {0, 2, 5}, new int[] {4}, new int[] {1, 3});
        assertThat(Batches.inOrder(data, new RowPadding(0, 5), 6).stream().map(Batch::rows))
                .containsExactly(new int[] {0, 2, 5}, new int[] {1, 3}, new int[] {4});
    }

    private static TokenizedDataset ofLengths(int... lengths) {
        List<TokenRow> rows = Arrays.stream(lengths)
                .mapToObj(length -> new TokenRow(new long[length], null))
                .toList();
        return new TokenizedDataset("t", rows, new Labels.Classes(new int[lengths.length], List.of("no")), 0, 9);
    }

    private static void checkRows(TokenizedDataset data, List<int[]> batches) {
        assertThat(rows(batches))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, data.size()).boxed().toList());
    }

    private static void checkAll(TokenizedDataset data, List<Batch> batches) {
        int[] seen = new int[data.size()];
        for (Batch batch : batches) {
            TokenBatch tokens = batch.tokens();
            int longest = 0;
            for (int i = 0; i < tokens.size(); i++) {
                int row = batch.rows()[i];
                seen[row]++;
                TokenRow expected = data.rows().get(row);
                longest = Math.max(longest, expected.length());
                long[] typeIds = expected.typeIds() == null ? new long[expected.length()] : expected.typeIds();
                for (int j = 0; j < tokens.length(); j++) {
                    int cell = i * tokens.length() + j;
                    boolean token = j < expected.length();
                    assertThat(tokens.mask()[cell]).isEqualTo(token ? 1 : 0);
                    assertThat(tokens.ids()[cell]).isEqualTo(token ? expected.ids()[j] : PAD.id());
                    assertThat(tokens.typeIds()[cell]).isEqualTo(token ? typeIds[j] : 0);
                }
            }
            assertThat(tokens.length()).isEqualTo(longest);
        }
        assertThat(seen).containsOnly(1);
    }

    @Test
    void packedRowsFillAPieceWithoutPadding() {
        long[][] ids = IntStream.of(4, 10, 3, 9, 4, 30).mapToObj(long[]::new).toArray(long[][]::new);
        TokenizedDataset data = new TokenizedDataset(
                "rows",
                Arrays.stream(ids).map(row -> new TokenRow(row, null)).toList(),
                new Labels.TokenLabels(ids),
                0,
                30);
        RowPadding padding = new RowPadding(0, 8);

        List<Piece> pieces =
                Batches.packed(new int[] {0, 1, 2, 3, 4, 5}, data, padding, 20).toList();

        // 30 alone; 10 + 9; 4 + 4 + 3, rows of one length in one batch
        assertThat(pieces.stream().map(Piece::rows))
                .containsExactly(new int[] {5}, new int[] {1, 3}, new int[] {0, 4, 2});
        assertThat(pieces.stream().map(Piece::tokens)).containsExactly(30L, 19L, 11L);
        assertThat(pieces.get(2).batches().stream().map(batch -> batch.tokens().length()))
                .containsExactly(4, 3);
        // rows longer than 8 are not padded: 30, 10, 9, and 3 x 4
        assertThat(Batches.paddedTokens(new int[] {0, 1, 2, 3, 4, 5}, data, padding, 20))
                .isEqualTo(61);
        assertThat(Batches.paddedTokens(new int[] {0, 1, 2, 3, 4, 5}, data, new RowPadding(0, 100), 20))
                .isEqualTo(62);
    }
}
