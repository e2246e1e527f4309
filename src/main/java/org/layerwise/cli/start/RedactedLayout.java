package org.layerwise.cli.start;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import org.layerwise.base.Secrets;

/**
 * Formats a line of the log, with its stack trace, without passwords and tokens. {@code logback.xml} uses this class.
 */
public final class RedactedLayout extends PatternLayout {

    @Override
    public String doLayout(ILoggingEvent event) {
        return Secrets.hidden(super.doLayout(event));
    }
}
