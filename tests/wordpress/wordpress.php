<?php
/**
 * As much of WordPress as the plugin calls, for its tests: reads a case as JSON from standard
 * input, runs it, and prints what came out as JSON.
 */

define( 'ABSPATH', __DIR__ );
error_reporting( E_ALL );
set_error_handler(
	function ( $number, $text, $file, $line ) {
		throw new ErrorException( $text, 0, $number, $file, $line );
	}
);

$case   = json_decode( stream_get_contents( STDIN ), true );
$errors = array();
$hooks  = array();

function add_action( $hook, $function ) {
	global $hooks;
	$hooks[ $hook ][] = $function;
}
function get_option( $name, $default = false ) {
	global $case;
	return $case['option'] ?? $default;
}
function current_user_can( $capability ) {
	global $case;
	return in_array( $capability, $case['may'] ?? array(), true );
}
function is_preview() {
	global $case;
	return $case['preview'] ?? false;
}
function is_customize_preview() {
	return false;
}
function add_settings_error( $setting, $code, $message ) {
	global $errors;
	$errors[] = $code;
}
function esc_attr( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES );
}
function esc_html( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES );
}
function esc_url( $url ) {
	return str_replace( array( '"', "'", '<', '>', ' ' ), array( '%22', '&#039;', '', '', '%20' ), $url );
}
function esc_url_raw( $url, $protocols = null ) {
	return str_replace( array( '"', '<', '>', ' ' ), array( '%22', '', '', '%20' ), $url );
}
function __( $text ) {
	return $text;
}
function esc_html_e( $text ) {
	echo esc_html( $text );
}
function selected( $a, $b ) {
	echo $a === $b ? 'selected' : '';
}
function checked( $a, $b ) {
	echo $a === $b ? 'checked' : '';
}
function settings_fields( $group ) {
	echo '<input type="hidden" name="nonce">';
}
function submit_button() {
	echo '<button>';
}

require $argv[1];

if ( array_key_exists( 'clean', $case ) ) {
	$out = array( 'stored' => Darksocial\clean( $case['clean'] ), 'errors' => $errors );
} else {
	ob_start();
	foreach ( $hooks['wp_head'] as $function ) {
		$function();
	}
	$head = ob_get_clean();
	ob_start();
	Darksocial\print_page();
	$out = array( 'head' => $head, 'page' => ob_get_clean() );
}
echo json_encode( $out );
