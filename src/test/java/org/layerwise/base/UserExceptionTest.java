package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserExceptionTest {

    @Test
    void shortMessagesStayAsTheyAre() {
        assertThat(new UserException("a.json has no \"layers\";\n\tadd them."))
                .hasMessage("a.json has no \"layers\";\n\tadd them.");
    }

    @Test
    void longMessagesKeepTheirBeginningAndTheirEnd() {
        String message = "In a.json, \"layers\" holds \"" + "x".repeat(100_000) + "\"; write a list.";
        assertThat(new UserException(message).getMessage())
                .startsWith("In a.json, \"layers\" holds \"xxx")
                .contains("x ... x")
                .endsWith("x\"; write a list.")
                .hasSizeBetween(UserException.MOST_CHARACTERS - 1, UserException.MOST_CHARACTERS);
    }
}
