/*
 * Checks answers against the document: node answers.cjs DOCUMENT ANSWERS.
 *
 * ANSWERS is what T::OpenApi writes: for each answer a line of JSON, then the
 * request's and the answer's body, with the lengths given in the line. Prints a
 * line for each fault, and finally the number of answers checked.
 */
'use strict';

const fs = require('fs');
const Ajv = require('ajv/dist/2020');
const formats = require('ajv-formats');

const doc = JSON.parse(fs.readFileSync(process.argv[2]));
const ajv = new Ajv({ strict: false });
formats(ajv);
ajv.addSchema(doc, 'doc');

/* ---- the document ---- */

const escape = (key) => key.replace(/~/g, '~0').replace(/\//g, '~1');

/* What a pointer leads to, over references, and its own pointer. */
function follow(pointer) {
	let at = doc;

	for (const key of pointer.split('/').slice(1))
		at = at?.[key.replace(/~1/g, '/').replace(/~0/g, '~')];
	if (at?.$ref !== undefined)
		return follow(at.$ref.slice(1));
	return { at, pointer };
}

function decode(segment) {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

/* The operations of a path lie where its item's $ref leads, if it has one. */
const paths = Object.keys(doc.paths).map((path) => (
	{ path, segments: path.split('/').slice(1),
		item: follow(`/paths/${escape(path)}`) }));

/* The paths that fit a target: those with fewer parameters first, as the route
 * table has them. */
function fitting(target) {
	const segments = target.split('?')[0].split('/').slice(1).map(decode);
	const fits = ({ segments: pattern }) =>
		pattern.length === segments.length && pattern.every((p, i) =>
			p[0] === '{' ? segments[i] !== '' : p === segments[i]);

	return paths.filter(fits).sort((a, b) =>
		a.path.split('{').length - b.path.split('{').length);
}

/* Why a value does not match the schema at the pointer; '' if it does. */
const checks = new Map();
function why(pointer, value) {
	if (!checks.has(pointer))
		checks.set(pointer, ajv.compile({ $ref: 'doc#' +
			pointer.split('/').map(encodeURIComponent).join('/') }));
	const check = checks.get(pointer);
	if (check(value))
		return '';
	return check.errors.map((e) => `${e.instancePath || 'it'} ${e.message} ` +
		JSON.stringify(e.params)).join('; ');
}

/* Texts of a query, a path or a form as what their schemas ask for. */
function typed(pointer, value) {
	const type = follow(pointer).at?.type;

	if (type === 'integer' && /^-?\d+$/.test(value))
		return Number(value);
	return value;
}

/* ---- one answer ---- */

const type = (text) => (text ?? '').split(';')[0].trim().toLowerCase();
const isJson = (t) => /^(application|text)\/([^\s/]+\+)?json$/.test(t);

/* The key of a content that a type falls under: its own name goes before a
 * range such as application/*+json. */
function rangeOf(content, t) {
	if (content[t] !== undefined)
		return t;
	return Object.keys(content).find((key) => {
		const [before, after] = key.split('*');

		return after !== undefined && t.startsWith(before) &&
			t.endsWith(after) && t.length > key.length - 1;
	});
}

function checkHeaders(pointer, answer, fault) {
	const { at } = follow(pointer);

	for (const name of Object.keys(at.headers ?? {})) {
		const header = follow(`${pointer}/headers/${escape(name)}`);
		const value = answer.headers[name.toLowerCase()];

		if (value === undefined) {
			if (header.at.required)
				fault(`${name} is missing`);
			continue;
		}
		const reason = why(`${header.pointer}/schema`, value);
		if (reason)
			fault(`${name}: ${value}: ${reason}`);
	}
}

function checkBody(pointer, answer, body, fault) {
	const { at } = follow(pointer);
	const got = type(answer.headers['content-type']);
	const known = Object.keys(at.content ?? {});

	if (known.length === 0) {
		if (answer.bytes > 0)
			fault('has a body');
		return;
	}
	/* A body over its own limit is the web server's to refuse. */
	if (answer.status === 413 && answer.headers.server && got === 'text/html')
		return;
	if (!known.includes(got)) {
		fault(`is of the type ${got || 'none'}`);
		return;
	}
	if (answer.method === 'HEAD') {
		if (answer.bytes > 0)
			fault('has a body');
		return;
	}
	if (!isJson(got) || body === null)
		return;
	let json;
	try {
		json = JSON.parse(new TextDecoder('utf-8', { fatal: true })
			.decode(body));
	} catch (e) {
		fault(`no JSON: ${e.message}`);
		return;
	}
	const reason = why(`${pointer}/content/${escape(got)}/schema`, json);
	if (reason)
		fault(`the body: ${reason}`);
	if (got === 'application/problem+json' && json?.status !== answer.status)
		fault(`has the status ${json?.status} in its body`);
}

/* What was taken must be what the document asks for. */
function checkRequest(operation, path, answer, sent, fault) {
	const { at, pointer } = follow(operation);
	const [bare, query] = answer.target.split('?');
	const pairs = new URLSearchParams(query ?? '');
	const segments = bare.split('/').slice(1).map(decode);

	(at.parameters ?? []).forEach((_, i) => {
		const p = follow(`${pointer}/parameters/${i}`);
		const value = p.at.in === 'path' ?
			segments[path.segments.indexOf(`{${p.at.name}}`)] :
			pairs.get(p.at.name);

		if (value === null) {
			if (p.at.required)
				fault(`was taken without ${p.at.name}`);
			return;
		}
		const schema = `${p.pointer}/schema`;
		const reason = why(schema, typed(schema, value));
		if (reason)
			fault(`took ${p.at.name}=${value}: ${reason}`);
	});
	const content = at.requestBody?.content ?? {};
	const form = 'application/x-www-form-urlencoded';
	const as = type(answer.sent_type);
	const range = rangeOf(content, as);
	let body;
	if (sent.length === 0)
		return;
	if (range !== undefined && isJson(as)) {
		body = JSON.parse(sent.toString());
	} else if (isJson(as) && Object.keys(content).some(isJson)) {
		fault(`took a body of the type ${as}`);
		return;
	} else if (range === form) {
		body = {};
		for (const [name, value] of new URLSearchParams(sent.toString()))
			if (follow(`${pointer}/requestBody/content/${escape(form)}` +
				'/schema').at.properties?.[name]?.type === 'array')
				(body[name] ??= []).push(value);
			else
				body[name] ??= value;
	} else {
		return;
	}
	const reason = why(`${pointer}/requestBody/content/` +
		`${escape(range)}/schema`, body);
	if (reason)
		fault(`accepted an invalid body: ${reason}`);
}

/* A malformed target: the route is unknown then, and the answer has the format
 * of the pages. */
function isMalformed(target) {
	const [path, query] = target.split('?');
	const isBad = (text) => {
		try {
			decodeURIComponent(text);
			return false;
		} catch {
			return true;
		}
	};

	return isBad(path) || /%[01][0-9a-f]|%7f/i.test(path) ||
		decode(path).split('/').some((s) => s === '.' || s === '..') ||
		isBad(query ?? '');
}

/* A known path with another method: the answer has the format of one of
 * those that it has. */
function checkMethod(found, answer, body, fault) {
	const operations = found.flatMap(({ item }) => Object.keys(item.at).map(
		(method) => ({ item, method })));
	const known = new Set(operations.map(({ method }) =>
		method.toUpperCase()));

	if (known.has('GET'))
		known.add('HEAD');
	if (answer.status !== 405) {
		fault('is documented for other methods alone');
		return;
	}
	const allow = (answer.headers.allow ?? '').split(/\s*,\s*/);
	if ([...known].sort().join() !== allow.sort().join())
		fault(`Allow: ${allow}, not ${[...known]}`);
	const faults = operations.map(({ item, method }) => {
		const list = [];
		const { pointer } = follow(
			`${item.pointer}/${method}/responses/400`);

		checkBody(pointer, answer, body, (text) => list.push(text));
		return list.join('; ');
	});
	if (!faults.includes(''))
		fault(faults[0]);
}

/* Each fault once: loops in a test repeat it. */
const told = new Set();
function tell(at, text, target) {
	if (told.has(text))
		return;
	told.add(text);
	console.log(`${at}: ${text} (${target})`);
}

function check(answer, sent, body) {
	const found = fitting(answer.target);
	const method = answer.method === 'HEAD' ? 'get' :
		answer.method.toLowerCase();
	const path = found.find((p) => p.item.at[method] !== undefined);
	const name = path?.path ?? found[0]?.path ?? answer.target;
	const fault = (text) => tell(answer.at,
		`${answer.method} ${name}: ${answer.status} ${text}`,
		answer.target);

	if (found.length === 0) {
		/* The web server's own files. */
		if (answer.status < 400 && !answer.target.startsWith('/general/'))
			fault('is documented nowhere');
		return;
	}
	if (answer.status === 400 && isMalformed(answer.target)) {
		checkBody('/components/responses/PageBadRequest', answer, body,
			fault);
		return;
	}
	if (path === undefined) {
		checkMethod(found, answer, body, fault);
		return;
	}
	const operation = `${path.item.pointer}/${method}`;
	const { at, pointer } = follow(`${operation}/responses/${answer.status}`);
	if (at === undefined) {
		fault('is not documented');
		return;
	}
	checkHeaders(pointer, answer, fault);
	checkBody(pointer, answer, body, fault);
	if (answer.status < 400)
		checkRequest(operation, path, answer, sent, fault);
}

/* ---- all of them ---- */

const all = fs.readFileSync(process.argv[3]);
let count = 0;
for (let i = 0; i < all.length; count++) {
	const end = all.indexOf(10, i);
	const answer = JSON.parse(all.subarray(i, end));
	const sent = all.subarray(end + 1, end + 1 + answer.sent_kept);
	const at = end + 1 + answer.sent_kept;
	const body = answer.kept < answer.bytes ? null :
		all.subarray(at, at + answer.kept);

	i = at + answer.kept;
	check(answer, sent, body);
}
console.log(`${count} answers`);
