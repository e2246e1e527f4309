package org.layerwise.base;

import java.util.regex.Pattern;

/**
 * Hides passwords and tokens in texts that people and log files see: the messages of {@link UserException}, the last
 * line of a command and every line of the log.
 */
public final class Secrets {

    /** Replacement of a secret. */
    public static final String HIDDEN = "***";

    /** User and password in a URL, which end at the last @ before its path (RFC 3986, section 3.2). */
    private static final Pattern LOGIN = Pattern.compile("://[^\\s/?#]*@");

    /**
     * Query parameters that give access to anyone who knows them. Storage services sign their URLs with some of these.
     */
    private static final Pattern PARAMETER = Pattern.compile(
            "([?&;](?:[\\w.-]{0,64}(?:token|password|passwd|secret|signature|credential|api[_-]?key)|sig|key|pwd)=)[^&;#\\s'\"]+",
            Pattern.CASE_INSENSITIVE);

    /** Access tokens of the Hugging Face Hub. */
    private static final Pattern HUB_TOKEN = Pattern.compile("\\b(hf|api_org)_[A-Za-z0-9]{20,}");

    private Secrets() {}

    /** Replaces each secret of a text by {@value #HIDDEN}. Returns a text without secrets unchanged. */
    public static String hidden(String text) {
        String noLogin = LOGIN.matcher(text).replaceAll("://" + HIDDEN + "@");
        String noParameter = PARAMETER.matcher(noLogin).replaceAll("$1" + HIDDEN);
        return HUB_TOKEN.matcher(noParameter).replaceAll("$1_" + HIDDEN);
    }
}
