package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

    @ParameterizedTest
    @CsvSource({
        "see https://me:pass@host.org/a@b for it, see https://***@host.org/a@b for it",
        "http://token@host, http://***@host",
        "http://a:p@ss@host/x and ssh://b:c@d, http://***@host/x and ssh://***@d",
        "https://s3/x?X-Amz-Signature=abc&X-Amz-Date=1, https://s3/x?X-Amz-Signature=***&X-Amz-Date=1",
        "https://h/x?a=1&access_token=abc#z, https://h/x?a=1&access_token=***#z",
        "HF_TOKEN hf_abcdefghijklmnopqrstuvwxyz is, HF_TOKEN hf_*** is"
    })
    void areHidden(String text, String expected) {
        assertThat(Secrets.hidden(text)).isEqualTo(expected);
        assertThat(new UserException(text)).hasMessage(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "org/name@v1.0 has no token in HF_TOKEN",
        "https://example.org/@you?tokens=3&page=2",
        "me@example.org or /home/me@work/hf_hub"
    })
    void otherTextStays(String text) {
        assertThat(Secrets.hidden(text)).isEqualTo(text);
    }

    @Test
    void hostileTextTakesNoLonger() {
        String text = "://".repeat(50_000) + "&token".repeat(50_000) + "a@".repeat(50_000);
        assertThat(Secrets.hidden(text)).isNotEmpty();
    }
}
