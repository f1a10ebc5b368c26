"""Sums of a budget are kept by PostgreSQL from the rows they are sums of, whoever writes those rows.

Each sum is counted anew after taking the lock of the appropriation: two writers at one moment count one after the
other, and a town brought back from its file counts to the same. The sight of the session is widened for the count
alone, for money of protected people is money too.
"""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION payments_keep_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted bigint := COALESCE(NEW.appropriation_id, OLD.appropriation_id);
DECLARE sight text := COALESCE(current_setting('madoguchi.sight', true), '');
BEGIN
  PERFORM 1 FROM payments_appropriation WHERE id = wanted FOR UPDATE;
  PERFORM set_config('madoguchi.sight', 'all', true);
  UPDATE payments_appropriation SET
    budget = initial + COALESCE(
      (SELECT sum(amount) FROM payments_appropriationchange WHERE appropriation_id = wanted), 0),
    committed = COALESCE(
      (SELECT sum(amount) FROM payments_commitment WHERE appropriation_id = wanted AND state = 'standing'), 0)
  WHERE id = wanted;
  PERFORM set_config('madoguchi.sight', sight, true);
  RETURN NULL;
END $$;
CREATE TRIGGER keep_sums AFTER INSERT OR UPDATE OF amount, state, appropriation_id OR DELETE ON payments_commitment
  FOR EACH ROW EXECUTE FUNCTION payments_keep_sums();
CREATE TRIGGER keep_sums AFTER INSERT OR UPDATE OF amount, appropriation_id OR DELETE ON payments_appropriationchange
  FOR EACH ROW EXECUTE FUNCTION payments_keep_sums();

CREATE OR REPLACE FUNCTION payments_order_as_committed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sight text := COALESCE(current_setting('madoguchi.sight', true), '');
DECLARE bound bigint;
BEGIN
  PERFORM set_config('madoguchi.sight', 'all', true);
  SELECT amount INTO bound FROM payments_commitment WHERE id = NEW.commitment_id;
  PERFORM set_config('madoguchi.sight', sight, true);
  IF NEW.amount IS DISTINCT FROM bound THEN
    RAISE EXCEPTION 'order_amount_is_the_commitment' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER order_as_committed BEFORE INSERT OR UPDATE OF amount, commitment_id ON payments_paymentorder
  FOR EACH ROW EXECUTE FUNCTION payments_order_as_committed();
"""
FORGET = """
DROP TRIGGER order_as_committed ON payments_paymentorder;
DROP FUNCTION payments_order_as_committed();
DROP TRIGGER keep_sums ON payments_appropriationchange;
DROP TRIGGER keep_sums ON payments_commitment;
DROP FUNCTION payments_keep_sums();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(KEEP, FORGET)]
