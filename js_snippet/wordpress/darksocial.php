<?php
/**
 * Plugin Name: darksocial
 * Description: Prints the darksocial tag: shared links carry a token, so that their visits are no longer "direct".
 * Version: 0.1.0
 * Requires at least: 5.7
 * Requires PHP: 7.4
 * License: MIT
 * Text Domain: darksocial
 */

namespace Darksocial;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const OPTION = 'darksocial';
const PAGE   = 'darksocial';
const SURVEY = array( '0', '1', '5', '10', '25', '100' );

add_action( 'wp_head', __NAMESPACE__ . '\\print_tag' );
add_action( 'admin_menu', __NAMESPACE__ . '\\add_page' );
add_action( 'admin_init', __NAMESPACE__ . '\\register' );

/** The settings in force. Without a key or an address nothing is printed. */
function settings(): array {
	$defaults = array(
		'key'     => '',
		'tracker' => '',
		'editors' => '',
		'survey'  => '0',
	);
	return array_merge( $defaults, (array) get_option( OPTION, array() ) );
}

/** Whether whoever looks at the page is left out: administrators always, editors unless wanted. */
function is_left_out( array $settings ): bool {
	if ( is_preview() || is_customize_preview() || current_user_can( 'manage_options' ) ) {
		return true;
	}
	return current_user_can( 'edit_posts' ) && '1' !== $settings['editors'];
}

/** Prints the tag into the head of a page. */
function print_tag(): void {
	$settings = settings();
	if ( '' === $settings['key'] || '' === $settings['tracker'] || is_left_out( $settings ) ) {
		return;
	}
	$attributes = array(
		'src'       => $settings['tracker'] . '/ds.js',
		'data-site' => $settings['key'],
	);
	if ( '0' !== $settings['survey'] ) {
		$attributes['data-survey'] = $settings['survey'];
	}
	$text = '';
	foreach ( $attributes as $name => $value ) {
		$value = 'src' === $name ? esc_url( $value ) : esc_attr( $value );
		$text .= sprintf( ' %s="%s"', $name, $value );
	}
	// Optimisers that merge or delay scripts would take the tag's attributes away from it.
	printf( "<script defer data-cfasync=\"false\" data-no-optimize=\"1\"%s></script>\n", $text ); // phpcs:ignore WordPress.Security.EscapeOutput
}

/** Adds the page under Settings. */
function add_page(): void {
	add_options_page( 'darksocial', 'darksocial', 'manage_options', PAGE, __NAMESPACE__ . '\\print_page' );
}

/** Registers the one option, with what keeps it clean. */
function register(): void {
	register_setting(
		PAGE,
		OPTION,
		array(
			'type'              => 'array',
			'sanitize_callback' => __NAMESPACE__ . '\\clean',
		)
	);
}

/**
 * What is stored of what was sent.
 *
 * @param mixed $sent The form's fields.
 */
function clean( $sent ): array {
	$sent    = is_array( $sent ) ? array_filter( $sent, 'is_string' ) : array();
	$tracker = rtrim( trim( $sent['tracker'] ?? '' ), '/' );
	if ( '' !== $tracker && ! preg_match( '~^https?://[^\s/?#]+(/[^\s?#]*)?$~i', $tracker ) ) {
		add_settings_error( OPTION, 'tracker', __( 'The tracker needs an address like https://tracker.example.com', 'darksocial' ) );
		$tracker = settings()['tracker'];
	}
	$survey = $sent['survey'] ?? '0';
	return array(
		'key'     => preg_replace( '/[^A-Za-z0-9_-]/', '', $sent['key'] ?? '' ),
		'tracker' => esc_url_raw( $tracker, array( 'http', 'https' ) ),
		'editors' => '1' === ( $sent['editors'] ?? '' ) ? '1' : '',
		'survey'  => in_array( $survey, SURVEY, true ) ? $survey : '0',
	);
}

/** Prints the settings page. */
function print_page(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$settings = settings();
	?>
	<div class="wrap">
		<h1>darksocial</h1>
		<form action="options.php" method="post">
			<?php settings_fields( PAGE ); ?>
			<table class="form-table" role="presentation">
				<?php
				print_field( 'tracker', __( 'Address of the tracker', 'darksocial' ), $settings['tracker'], 'url' );
				print_field( 'key', __( 'Site key (data-site)', 'darksocial' ), $settings['key'], 'text' );
				?>
				<tr>
					<th scope="row"><label for="darksocial-survey"><?php esc_html_e( 'Ask how the link was found', 'darksocial' ); ?></label></th>
					<td><select id="darksocial-survey" name="<?php echo esc_attr( OPTION ); ?>[survey]">
						<?php foreach ( SURVEY as $percent ) : ?>
							<option value="<?php echo esc_attr( $percent ); ?>" <?php selected( $settings['survey'], $percent ); ?>><?php echo esc_html( $percent ); ?> %</option>
						<?php endforeach; ?>
					</select></td>
				</tr>
				<tr>
					<th scope="row"><?php esc_html_e( 'Measure logged-in authors and editors too', 'darksocial' ); ?></th>
					<td><label><input type="checkbox" name="<?php echo esc_attr( OPTION ); ?>[editors]" value="1" <?php checked( $settings['editors'], '1' ); ?>>
						<?php esc_html_e( 'Administrators are always left out.', 'darksocial' ); ?></label></td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
	</div>
	<?php
}

/** Prints one row with a text field. */
function print_field( string $name, string $label, string $value, string $type ): void {
	printf(
		'<tr><th scope="row"><label for="darksocial-%1$s">%2$s</label></th><td><input class="regular-text" type="%3$s" id="darksocial-%1$s" name="%4$s[%1$s]" value="%5$s"></td></tr>',
		esc_attr( $name ),
		esc_html( $label ),
		esc_attr( $type ),
		esc_attr( OPTION ),
		esc_attr( $value )
	);
}
