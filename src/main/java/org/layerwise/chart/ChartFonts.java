package org.layerwise.chart;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The typeface of charts, in any size. */
public final class ChartFonts {

    /** Inter on the class path, OFL-1.1; the same file serves the window. */
    public static final String INTER_RESOURCE = "/com/formdev/flatlaf/fonts/inter/Inter-Regular.otf";

    private static final Logger LOG = LoggerFactory.getLogger(ChartFonts.class);

    private final Font regular;
    private final boolean wholePixels;

    private ChartFonts(Font regular, boolean wholePixels) {
        this.regular = regular;
        this.wholePixels = wholePixels;
    }

    /** Inter, or the platform's sans serif if it cannot be loaded. Read once. */
    public static ChartFonts inter() {
        return Inter.LOADED;
    }

    /** A family that is installed; an unknown name is the platform's default family. */
    public static ChartFonts named(String family) {
        return new ChartFonts(new Font(family, Font.PLAIN, 12), true);
    }

    /** The same typeface in exactly the sizes that are asked for, as a file can have them. */
    public ChartFonts printed() {
        return new ChartFonts(regular, false);
    }

    /** The name under which the window's toolkit must know the font to draw the same letters. */
    public String family() {
        return regular.getFamily();
    }

    /**
     * The font in a size.
     *
     * @param size in pixels at 96 dpi; rounded unless {@link #printed}, because the window's toolkit draws whole sizes only
     *     and the text would else be measured larger than it is
     */
    public Font sized(double size) {
        return regular.deriveFont((float) Math.max(1, wholePixels ? Math.round(size) : size));
    }

    private static final class Inter {

        static final ChartFonts LOADED = load();

        private static ChartFonts load() {
            try (InputStream file = ChartFonts.class.getResourceAsStream(INTER_RESOURCE)) {
                if (file != null) {
                    return new ChartFonts(Font.createFont(Font.TRUETYPE_FONT, file), true);
                }
                LOG.warn("There is no {} on the class path; charts use the platform's sans serif.", INTER_RESOURCE);
            } catch (FontFormatException | IOException e) {
                LOG.warn("Cannot load {}; charts use the platform's sans serif.", INTER_RESOURCE, e);
            }
            return named(Font.SANS_SERIF);
        }
    }
}
