package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenizedDatasetTest {

    @Test
    void indicesAtEqualDistances() {
        assertThat(TokenizedDataset.spaced(3, 10)).containsExactly(0, 1, 2);
        assertThat(TokenizedDataset.spaced(10, 4)).containsExactly(0, 2, 5, 7);
        assertThat(TokenizedDataset.spaced(Integer.MAX_VALUE, 2)).containsExactly(0, Integer.MAX_VALUE / 2);
        assertThat(TokenizedDataset.spaced(0, 2)).isEmpty();
    }
}
