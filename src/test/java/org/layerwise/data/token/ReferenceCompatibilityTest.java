package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.layerwise.base.UserException;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.model.config.RowPadding;

class ReferenceCompatibilityTest {

    private static final long END = 2;

    private static TokenizedDataset data() {
        return new TokenizedDataset(
                "d",
                List.of(
                        new TokenRow(new long[] {1, 7, 8, END}, new long[] {0, 0, 1, 1}),
                        new TokenRow(new long[] {1, END, 9}, null),
                        new TokenRow(new long[] {END}, null)),
                new Labels.None(),
                0,
                8);
    }

    @Test
    void nothingChangesByDefault() {
        TokenizedDataset data = data();
        assertThat(data.with(Set.of(), END)).isSameAs(data);
        assertThat(Batches.byRows(data, new RowPadding(0, Integer.MAX_VALUE), 3)
                        .get(0)
                        .tokens()
                        .mask())
                .containsExactly(1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0);
    }

    @Test
    void everyEndIsMaskedWhereverItStandsAndARowKeepsSomethingToSee() {
        TokenizedDataset masked = data().with(Set.of(ReferenceCompatibility.EOS_IS_PADDING), END);
        Batch batch =
                Batches.byRows(masked, new RowPadding(0, Integer.MAX_VALUE), 3).get(0);
        assertThat(batch.tokens().mask()).containsExactly(1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0);
        assertThat(batch.tokens().ids()).containsExactly(1, 7, 8, END, 1, END, 9, 0, END, 0, 0, 0);
        assertThat(batch.tokens().typeIds()).startsWith(0, 0, 1, 1);
    }

    @Test
    void bothTextsOfAPairGetOneType() {
        TokenizedDataset plain = data().with(Set.of(ReferenceCompatibility.NO_TOKEN_TYPES), null);
        assertThat(plain.rows()).allMatch(row -> row.typeIds() == null && row.mask() == null);
    }

    @Test
    void aModelWithoutAnEnd() {
        assertThatThrownBy(() -> data().with(Set.of(ReferenceCompatibility.EOS_IS_PADDING), null))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("eos-is-padding");
    }
}
