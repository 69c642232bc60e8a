import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietly, wrap } from '../src/guard.js';

const fail = () => {
  throw new Error('ours');
};

test('an error of ours goes no further', () => {
  assert.equal(quietly(fail), undefined);
  assert.equal(
    quietly(() => 3),
    3,
  );
});

test('what is wrapped sees its own this, the changed arguments, and hands back its result', () => {
  const owner = {
    sum: 10,
    add(/** @type {number} */ a, /** @type {number} */ b) {
      return this.sum + a + b;
    },
  };
  wrap(owner, 'add', (args) => {
    args[0] = 100;
    return () => {};
  });
  assert.equal(owner.add(1, 2), 112);
  assert.equal(owner.add.call({ ...owner, sum: 20 }, 1, 2), 122);
});

test('arguments stay as they were where there is nothing to do, and where we fail', () => {
  /** @type {unknown[][]} */
  const seen = [];
  const owner = { call: (/** @type {unknown[]} */ ...args) => seen.push(args) };
  wrap(owner, 'call', (args) => {
    args[0] = 'changed';
    if (args[1] === 'fail') fail();
    return undefined;
  });
  owner.call('a', 'nothing');
  owner.call('b', 'fail');
  owner.call();
  assert.deepEqual(seen, [['a', 'nothing'], ['b', 'fail'], []]);
});

test('what follows a success may fail without anybody noticing', () => {
  const owner = { call: () => 'result' };
  wrap(owner, 'call', () => fail);
  assert.equal(owner.call(), 'result');
});

test('an error of the original reaches the caller, and then nothing follows', () => {
  let followed = false;
  const owner = { call: fail };
  wrap(owner, 'call', () => () => {
    followed = true;
  });
  assert.throws(() => owner.call(), /ours/);
  assert.equal(followed, false);
});

test('a promise is followed when it resolves, and its value passed on', async () => {
  /** @type {string[]} */
  const order = [];
  const owner = { call: async () => order.push('original') };
  wrap(owner, 'call', () => () => {
    order.push('followed');
  });
  assert.equal(await owner.call(), 1);
  assert.deepEqual(order, ['original', 'followed']);
});

test('a rejection is passed on, once, and nothing follows', async () => {
  let followed = false;
  const owner = { call: () => Promise.reject(new Error('theirs')) };
  wrap(owner, 'call', () => () => {
    followed = true;
  });
  await assert.rejects(owner.call(), /theirs/);
  assert.equal(followed, false);
});

test('what does not exist stays so', () => {
  const owner = {};
  wrap(owner, 'share', () => undefined);
  wrap(undefined, 'share', () => undefined);
  assert.deepEqual(owner, {});
});
