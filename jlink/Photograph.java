import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;

/**
 * Waits until a display shows something and photographs it: {@code java Photograph.java PICTURE.png SECONDS}. Exit code
 * 1 if it stays blank. Needs nothing but a JDK.
 */
final class Photograph {

    /** A blank screen has one colour, one with a bare frame a few. */
    private static final int COLOURS_OF_A_WINDOW = 30;

    private static final int SETTLE_MILLIS = 3000;

    private Photograph() {}

    public static void main(String[] args) throws Exception {
        File picture = new File(args[0]);
        long end = System.nanoTime() + Long.parseLong(args[1]) * 1_000_000_000L;
        Robot robot = new Robot();
        Rectangle screen = GraphicsEnvironment.getLocalGraphicsEnvironment()
                .getDefaultScreenDevice()
                .getDefaultConfiguration()
                .getBounds();
        while (colours(robot.createScreenCapture(screen)) < COLOURS_OF_A_WINDOW) {
            if (System.nanoTime() > end) {
                System.err.println("The screen stayed blank for " + args[1] + " seconds.");
                System.exit(1);
            }
            Thread.sleep(200);
        }
        Thread.sleep(SETTLE_MILLIS);
        BufferedImage shot = robot.createScreenCapture(screen);
        ImageIO.write(shot, "png", picture);
        int colours = colours(shot);
        System.out.println(picture + ": " + shot.getWidth() + " x " + shot.getHeight() + ", " + colours + " colours");
        System.exit(colours < COLOURS_OF_A_WINDOW ? 1 : 0);
    }

    private static int colours(BufferedImage image) {
        Set<Integer> seen = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y += 2) {
            for (int x = 0; x < image.getWidth(); x += 2) {
                seen.add(image.getRGB(x, y));
            }
        }
        return seen.size();
    }
}
